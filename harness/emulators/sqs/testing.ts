import { tmpdir } from 'node:os';
import {
  CreateQueueCommand,
  type CreateQueueCommandInput,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { createRandom } from '../../clock/index.ts';
import type { Emulator } from '../../edge/emulator.ts';
import type { QueueWatch } from '../../edge/queue-watch.ts';
import { type TestEdge, testEdge } from '../../edge/testing.ts';
import { type Entry, LedgerStore } from '../../ledger/index.ts';
import { createSqs } from './index.ts';

export const NOON = Date.UTC(2022, 0, 27, 12);
export const REGION = 'ap-northeast-2';
export const ACCOUNT = '000000000000';
export const SECOND = 1000;

export const arnOf = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

export interface SqsBench extends Pick<TestEdge, 'url' | 'clock' | 'edge'> {
  readonly client: SQSClient;
  readonly emulator: Emulator & { readonly watch: QueueWatch };
  readonly ledger: LedgerStore;
  readonly counted: Map<string, number>;
  /** Makes a queue and answers with its URL. */
  make(name: string, attributes?: CreateQueueCommandInput['Attributes']): Promise<string>;
  /** Sends bodies in batches. */
  send(url: string, ...bodies: string[]): Promise<void>;
  receive(url: string, input?: Partial<ReceiveMessageCommandInput>): Promise<Message[]>;
  /** What the ledger says of a place: `what` of each entry, with how many messages it is about. */
  told(place: string): string[];
  entries(): Entry[];
}

/** SQS behind an edge, on a clock that stands at noon on 27 January 2022. It goes away with the test. */
export async function sqsBench(): Promise<SqsBench> {
  const { edge, url, clock, ...bench } = await testEdge({ defaults: { region: REGION, accountId: ACCOUNT } });
  await clock.travelTo(NOON);
  const ledger = new LedgerStore(':memory:', () => clock.now());
  const counted = new Map<string, number>();
  const count = (_namespace: string, metric: string, _dimensions: object, value: number) =>
    void counted.set(metric, (counted.get(metric) ?? 0) + value);
  const context = {
    clock,
    random: createRandom('sqs'),
    ledger,
    aws: edge.access,
    dataDir: tmpdir(),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    defaults: { region: REGION, accountId: ACCOUNT },
  };
  const emulator = createSqs(context, { metrics: { count } });
  edge.register(emulator);
  const client = clientOf(url);
  onTestFinished(async () => {
    client.destroy();
    await emulator.stop?.();
    await bench[Symbol.asyncDispose]();
    ledger[Symbol.dispose]();
  });
  const entries = () => {
    const found: Entry[] = [];
    for (let n = 1, entry = ledger.get(n); entry; n++, entry = ledger.get(n)) found.push(entry);
    return found;
  };
  return {
    edge,
    url,
    clock,
    client,
    emulator,
    ledger,
    counted,
    entries,
    async make(QueueName, Attributes) {
      const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      return QueueUrl;
    },
    async send(QueueUrl, ...bodies) {
      for (let at = 0; at < bodies.length; at += 10) {
        const Entries = bodies.slice(at, at + 10).map((MessageBody, n) => ({ Id: String(n), MessageBody }));
        await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      }
    },
    async receive(QueueUrl, input = {}) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, ...input }));
      return Messages;
    },
    told: (place) =>
      entries()
        .filter(({ where }) => where === place)
        .map(({ what, ids = [] }) => `${what} ${ids.length}`),
  };
}

export function clientOf(url: string): SQSClient {
  return new SQSClient({
    endpoint: url,
    region: REGION,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

/** The error of a call, as `name: message`. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`;
  }
  throw new Error('The call was not refused.');
}

export function bodies(messages: readonly Message[]): (string | undefined)[] {
  return messages.map(({ Body }) => Body);
}
