import { MAX_CLIENT_ID_BYTES, MAX_KEEP_ALIVE_S, MIN_KEEP_ALIVE_S } from './limits.ts';
import type { ConnectRequest } from './server.ts';

/** CONNACK of MQTT 3.1.1 with a return code (MQTT 3.1.1, section 3.2). */
const connack = (returnCode: number) => Buffer.from([0x20, 0x02, 0x00, returnCode]);
const UNACCEPTABLE_PROTOCOL_VERSION = connack(1);
const IDENTIFIER_REJECTED = connack(2);
/** CONNACK of MQTT 5 with the reason code 0x84, unsupported protocol version, and no properties. */
const UNSUPPORTED_PROTOCOL_VERSION = Buffer.from([0x20, 0x03, 0x00, 0x84, 0x00]);

/** Why a CONNECT is refused before anybody looks at who it is, and what the client is told. */
export function connectProblem(
  request: ConnectRequest,
): { readonly reason: string; readonly reply: Buffer } | undefined {
  const { protocolVersion, clientId, clean } = request;
  if (protocolVersion === 5) {
    return { reason: 'it speaks MQTT 5, and naetmul only MQTT 3.1.1', reply: UNSUPPORTED_PROTOCOL_VERSION };
  }
  if (protocolVersion !== 4) return { reason: 'it does not speak MQTT 3.1.1', reply: UNACCEPTABLE_PROTOCOL_VERSION };
  if (clientId === '' && !clean) {
    return { reason: 'a client that wants a session to persist needs a client id', reply: IDENTIFIER_REJECTED };
  }
  if (Buffer.byteLength(clientId) > MAX_CLIENT_ID_BYTES) {
    return { reason: `its client id is longer than ${MAX_CLIENT_ID_BYTES} bytes`, reply: IDENTIFIER_REJECTED };
  }
  if (clientId.startsWith('$')) return { reason: 'client ids do not begin with $', reply: IDENTIFIER_REJECTED };
  return undefined;
}

/** Seconds. Source: AWS IoT developer guide, "MQTT". */
export function effectiveKeepAlive(asked: number): number {
  return asked === 0 ? MAX_KEEP_ALIVE_S : Math.min(Math.max(asked, MIN_KEEP_ALIVE_S), MAX_KEEP_ALIVE_S);
}
