import { Publish$, type PublishRequest } from '@aws-sdk/client-iot-data-plane';
import type { StaticOperationSchema, StaticStructureSchema } from '@smithy/types';
import { AwsError } from '../../../edge/aws-error.ts';
import type { Operation } from '../../../edge/emulator.ts';
import { causeOf } from '../../../edge/headers.ts';
import { ids } from '../../../ledger/index.ts';
import { isBasicIngest, topicProblem } from '../broker/topics.ts';
import { errors, refuse } from '../errors.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { PublishedMessage } from '../model.ts';
import type { DataPlaneParts } from './index.ts';

/** AWS answers with more than its model says, and takes topics whose slashes are not encoded. */
const OUTPUT: StaticStructureSchema = [3, 'naetmul', 'PublishResponse', 0, ['message', 'traceId'], [0, 0]];
const SCHEMA: StaticOperationSchema = [
  Publish$[0],
  Publish$[1],
  Publish$[2],
  { http: ['POST', '/topics/{topic+}', 200] },
  Publish$[4],
  OUTPUT,
];

const DIMENSIONS = { Protocol: 'HTTP' };

export function publish(parts: DataPlaneParts): Operation {
  const { broker, ledger, metrics, random } = parts;
  const operation: Operation<PublishRequest, { message: string; traceId: string }> = {
    schema: SCHEMA,
    async run(input, call) {
      const traceId = random.uuid();
      const where = `iot/${input.topic}`;
      const about = { where, ids: [ids.request(call.requestId)] };
      try {
        const message = read(input, broker.address() !== undefined);
        const detail = { bytes: message.payload.length, qos: message.qos, ...(message.retain && { retain: true }) };
        const cause = ledger.append({ ...about, what: 'received', cause: causeOf(call.request), detail });
        await broker.publish({ ...message, cause });
        metrics.count('AWS/IoT', 'PublishIn.Success', DIMENSIONS, 1);
        return { message: 'OK', traceId };
      } catch (error) {
        ledger.append({ ...about, what: 'refused', cause: causeOf(call.request), detail: refusalOf(error) });
        metrics.count('AWS/IoT', metricOf(error), DIMENSIONS, 1);
        throw withTrace(error, traceId);
      }
    },
  };
  return operation as Operation;
}

function read(input: PublishRequest, brokerIsThere: boolean): PublishedMessage {
  const { topic = '', qos = 0, retain = false, payload } = input;
  const problem = topicProblem(topic);
  if (problem !== undefined) throw errors.invalid(`The topic is not valid: ${problem}.`);
  if (qos !== 0 && qos !== 1) throw errors.invalid('The QoS is 0 or 1.');
  if (retain && isBasicIngest(topic)) throw errors.invalid('A message for a rule alone cannot be retained.');
  // What else MQTT 5 clients would see, no client of MQTT 3.1.1 does.
  refuse(input.messageExpiry, 'messageExpiry of Publish');
  const bytes = toBuffer(payload);
  if (bytes.length > MAX_PAYLOAD_BYTES) throw errors.tooLarge(`The payload is larger than ${MAX_PAYLOAD_BYTES} bytes.`);
  if (!brokerIsThere) throw errors.unavailable('The message broker of naetmul is away.');
  return { topic, payload: bytes, qos, retain, clientId: undefined };
}

function toBuffer(payload: PublishRequest['payload']): Buffer {
  if (payload === undefined) return Buffer.alloc(0);
  return typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload as Uint8Array);
}

function refusalOf(error: unknown): Readonly<Record<string, unknown>> {
  return error instanceof AwsError ? { status: error.status, error: error.code } : { status: 500 };
}

function metricOf(error: unknown): string {
  return error instanceof AwsError && error.status < 500 ? 'PublishIn.ClientError' : 'PublishIn.ServerError';
}

/** The data plane's errors carry the trace's id, too. */
function withTrace(error: unknown, traceId: string): unknown {
  if (!(error instanceof AwsError)) return error;
  return new AwsError(error.code, error.message, error.status, { ...error.members, traceId });
}
