import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { UpgradeHandler } from '../../../edge/index.ts';
import { credentialScope, splitTarget } from '../../../edge/route.ts';
import type { MqttServer } from './server.ts';

/** Source: AWS IoT developer guide, "Device communication protocols". */
const SUBPROTOCOL = 'mqtt';

/**
 * MQTT over WebSocket (`GET /mqtt`), for whoever signs the request: by its query, as web pages do, or by its headers.
 * The signature is not checked.
 *
 * @param server undefined while it is away
 */
export function mqttOverWebSocket(server: () => MqttServer | undefined): UpgradeHandler {
  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    const accessKeyId = signer(request);
    const running = server();
    if (accessKeyId === undefined) answer(socket, 403, 'Forbidden', 'Missing Authentication Token');
    else if (!running) answer(socket, 503, 'Service Unavailable', 'The message broker is away.');
    else void speak(running, accessKeyId, request, socket, head);
  };
}

function signer({ headers, url = '' }: IncomingMessage): string | undefined {
  const { query } = splitTarget(url);
  const isSigned = headers.authorization !== undefined || new URLSearchParams(query).has('X-Amz-Signature');
  return isSigned ? credentialScope(headers, query)?.accessKeyId : undefined;
}

async function speak(server: MqttServer, accessKeyId: string, request: IncomingMessage, socket: Duplex, head: Buffer) {
  const { createWebSocketStream, WebSocketServer } = await import('ws');
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const upgrades = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  upgrades.handleUpgrade(request, socket, head, (connection) => {
    server.accept(createWebSocketStream(connection), { kind: 'iam', accessKeyId, address });
  });
}

function answer(socket: Duplex, status: number, reason: string, message: string): void {
  const body = JSON.stringify({ message });
  const head = [`HTTP/1.1 ${status} ${reason}`, 'Content-Type: application/json', `Content-Length: ${body.length}`];
  socket.end(`${[...head, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`);
}
