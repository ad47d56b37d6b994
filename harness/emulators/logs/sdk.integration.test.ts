import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  paginateFilterLogEvents,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, onTestFinished, test } from 'vitest';
import { createClock, createRandom } from '../../clock/index.ts';
import { createEdge } from '../../edge/index.ts';
import { LedgerStore } from '../../ledger/index.ts';
import { createLogs } from './index.ts';

const NOON = Date.UTC(2022, 0, 27, 12);
const DEFAULTS = { region: 'ap-northeast-2', accountId: '000000000000' };
const LOG = { info() {}, warn() {}, error() {} };

/** CloudWatch Logs behind an edge on a free port, with the clock at noon on 27 January 2022. */
async function startBehindEdge() {
  const dataDir = await mkdtemp(join(tmpdir(), 'naetmul-logs-'));
  const clock = createClock();
  await clock.travelTo(NOON);
  const ledger = new LedgerStore(join(dataDir, 'ledger.sqlite'), () => clock.now());
  const shared = { clock, random: createRandom('logs'), ledger, log: LOG, defaults: DEFAULTS };
  const edge = createEdge({ ...shared, port: 0, upstream: () => undefined });
  const logs = createLogs({ ...shared, aws: edge.access, dataDir });
  edge.register(logs);
  const { url } = await edge.listen();
  const client = new CloudWatchLogsClient({
    region: DEFAULTS.region,
    endpoint: url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  onTestFinished(async () => {
    client.destroy();
    await edge.close();
    await logs.stop?.();
    ledger[Symbol.dispose]();
    clock.close();
    await rm(dataDir, { recursive: true });
  });
  return { client, logs };
}

test('the SDK writes and reads through the edge what the sink wrote too', async () => {
  const { client, logs } = await startBehindEdge();
  const names = { logGroupName: 'API-Gateway-Execution-Logs_a1/PROD', logStreamName: 's' };
  await client.send(new CreateLogGroupCommand(names));
  await client.send(new CreateLogStreamCommand(names));
  const { rejectedLogEventsInfo } = await client.send(
    new PutLogEventsCommand({ ...names, logEvents: [{ timestamp: NOON, message: 'by the SDK: 냇물' }] }),
  );
  expect(rejectedLogEventsInfo).toBeUndefined();
  logs.sink.put(names.logGroupName, names.logStreamName, [{ timestamp: NOON + 1, message: 'by the sink' }]);

  const messages: (string | undefined)[] = [];
  for await (const { events } of paginateFilterLogEvents(
    { client, pageSize: 1 },
    { logGroupName: names.logGroupName },
  )) {
    messages.push(...(events ?? []).map(({ message }) => message));
  }
  expect(messages).toEqual(['by the SDK: 냇물', 'by the sink']);
});

test('errors arrive as the SDK’s own classes with AWS’s words', async () => {
  const { client } = await startBehindEdge();
  const names = { logGroupName: 'g', logStreamName: 's' };
  await expect(client.send(new CreateLogStreamCommand(names))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'The specified log group does not exist.',
    $metadata: { httpStatusCode: 400 },
  });
});

test('Logs Insights is refused by name', async () => {
  const { client } = await startBehindEdge();
  const query = { logGroupName: 'g', startTime: 0, endTime: 1, queryString: 'fields @message' };
  await expect(client.send(new StartQueryCommand(query))).rejects.toThrow(/StartQuery/);
});
