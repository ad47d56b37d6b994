import { mkdtempSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { expect, test } from 'vitest';
import { createRandom, machine } from '../clock/index.ts';
import { sdk, testEdge } from '../edge/testing.ts';
import { FaultPlan } from '../faults/index.ts';
import { createEmulators } from './index.ts';
import { ROLE, zipOf } from './lambda/testing.ts';

test('a function that runs when everything is reset ends with it, and writes nothing into the new world', async () => {
  await using bench = await startBench();
  const source = 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));\n';
  await bench.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'sleeper',
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 60,
      Code: { ZipFile: zipOf({ name: 'index.mjs', content: source }) },
    }),
  );
  const failing = bench.lambda.send(new InvokeCommand({ FunctionName: 'sleeper' })).catch((error: unknown) => error);
  while ((await bench.groups()).length === 0) await machine.sleep(2);
  await bench.reset();
  expect([await bench.groups(), await bench.metrics()]).toEqual([[], []]);
  expect(await failing).toMatchObject({ name: 'ServiceException' });
  expect([await bench.groups(), await bench.metrics()]).toEqual([[], []]);
});

/** All emulators at an edge, without the servers behind them. */
async function startBench() {
  const root = await mkdtemp(join(tmpdir(), 'naetmul-reset-'));
  const defaults = { region: 'us-east-1', accountId: '000000000000' };
  const edge = await testEdge({ defaults });
  const contextOf = (name: string) => ({
    clock: edge.clock,
    random: createRandom(name),
    ledger: { append: () => 0 },
    aws: edge.edge.access,
    dataDir: mkdtempSync(join(root, `${name}-`)),
    log: { info() {}, warn() {}, error() {} },
    defaults,
  });
  const { all } = createEmulators(contextOf, {
    edgeUrl: () => edge.url,
    faults: new FaultPlan(),
    sqlServer: () => undefined,
    openSearchServer: () => undefined,
  });
  for (const emulator of all) edge.edge.register(emulator);
  const logs = new CloudWatchLogsClient(sdk(edge.url));
  const cloudWatch = new CloudWatchClient(sdk(edge.url));
  return {
    lambda: new LambdaClient(sdk(edge.url)),
    groups: async () => (await logs.send(new DescribeLogGroupsCommand({}))).logGroups ?? [],
    metrics: async () => (await cloudWatch.send(new ListMetricsCommand({}))).Metrics ?? [],
    async reset() {
      for (const emulator of all) await emulator.reset?.();
    },
    async [Symbol.asyncDispose]() {
      for (const emulator of all) await emulator.stop?.();
      await edge[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}
