import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateFunctionCommand,
  type CreateFunctionRequest,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createRandom } from '../../../../clock/index.ts';
import { type TestEdge, testEdge } from '../../../../edge/testing.ts';
import { FaultPlan } from '../../../../faults/index.ts';
import { createLambda } from '../../../lambda/index.ts';
import { ROLE, zipOf } from '../../../lambda/testing.ts';
import { batchOf, FUNCTION_ARN, processingBench, processor, textsOf } from '../testing.ts';

let dataDir: string;
let edge: TestEdge;
let lambda: ReturnType<typeof createLambda>;
let faults: FaultPlan;

/** Lambda alone, at an edge without LocalStack. */
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-firehose-lambda-'));
  edge = await testEdge();
  faults = new FaultPlan();
  const context = {
    clock: edge.clock,
    random: createRandom('transformation'),
    ledger: { append: () => 0 },
    aws: edge.edge.access,
    dataDir,
    log: { info() {}, warn() {}, error() {} },
    defaults: { region: 'us-east-1', accountId: '000000000000' },
  };
  lambda = createLambda(context, {
    metrics: { count: () => undefined },
    logs: { put: () => undefined },
    queues: { whenReceivable: () => Promise.reject(new Error('There are no queues.')) },
    faults,
    edgeUrl: () => edge.url,
  });
  edge.edge.register(lambda);
});

afterEach(async () => {
  await lambda.stop?.();
  await edge[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

/** Counts its runs in a file, and does not return from the first few of them. */
const SLOW = `
import { appendFileSync, readFileSync } from 'node:fs';
export const handler = async ({ records }) => {
  appendFileSync(process.env.RUNS, '.');
  if (readFileSync(process.env.RUNS).length <= Number(process.env.SLOW_RUNS)) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return { records: records.map(({ recordId, data }) => ({
    recordId, result: 'Ok', data: Buffer.from(Buffer.from(data, 'base64').toString().toUpperCase()).toString('base64'),
  })) };
};
`;

async function create(source: string, changes: Partial<CreateFunctionRequest> = {}): Promise<LambdaClient> {
  const client = edge.edge.access.client(LambdaClient);
  await client.send(
    new CreateFunctionCommand({
      FunctionName: 'worker',
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf({ name: 'index.mjs', content: source }) },
      ...changes,
    }),
  );
  return client;
}

async function transform(...data: string[]) {
  const bench = await processingBench([processor('Lambda', { LambdaArn: FUNCTION_ARN })], {
    aws: edge.edge.access,
    clock: edge.clock,
    now: 1_000_000,
  });
  const processed = await bench.process(batchOf({ data, arrival: 940_000 }));
  return { ...bench, ...processed };
}

describe('a function that times out', () => {
  test.each([
    ['once', 1, 2],
    ['twice', 2, 3],
    ['three times', 3, 4],
    ['always', 99, 4],
  ])('%s', async (_, slow, runs) => {
    const file = join(dataDir, 'runs');
    await writeFile(file, '');
    await create(SLOW, { Timeout: 1, Environment: { Variables: { RUNS: file, SLOW_RUNS: String(slow) } } });
    const processed = await transform('a', '물 b');
    expect((await readFile(file)).length).toBe(runs);
    if (slow < 4) {
      expect([textsOf(processed.runs), processed.failed]).toEqual([['A', '물 B'], []]);
      return;
    }
    expect(processed.runs).toEqual([]);
    const failure = {
      attemptsMade: 4,
      arrival: 940_000,
      errorCode: 'Lambda.FunctionTimedOut',
      errorMessage: 'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.',
      attemptEndingTimestamp: 1_028_000,
      after: { lambdaArn: FUNCTION_ARN },
    };
    expect(processed.failed).toMatchObject([failure, failure]);
    expect(processed.failed.map(({ data }) => Buffer.from(data).toString())).toEqual(['a', '물 b']);
  });
});

test('a function that throws, or answers more than Lambda takes, fails the batch after its retries', async () => {
  await create("export const handler = async () => { throw new Error('no'); };\n");
  expect((await transform('a')).failed).toMatchObject([{ attemptsMade: 4, errorCode: 'Lambda.FunctionError' }]);
  await lambda.reset?.();
  await create("export const handler = async () => 'a'.repeat(7 * 1024 * 1024);\n");
  expect((await transform('a')).failed).toMatchObject([{ attemptsMade: 4, errorCode: 'Lambda.FunctionError' }]);
});

test('a function that is not there, or may not run, is named as the reason', async () => {
  expect((await transform('a')).failed).toMatchObject([
    {
      attemptsMade: 4,
      errorCode: 'Lambda.ResourceNotFound',
      errorMessage: 'The specified Lambda function does not exist. Use a different function that does exist.',
    },
  ]);
  const client = await create(SLOW);
  await client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'worker', ReservedConcurrentExecutions: 0 }));
  expect((await transform('a')).failed).toMatchObject([
    {
      attemptsMade: 4,
      errorCode: 'Lambda.InvokeLimitExceeded',
      errorMessage: 'The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.',
    },
  ]);
});

test('an answer that gets lost is asked for again', async () => {
  const file = join(dataDir, 'runs');
  await writeFile(file, '');
  await create(SLOW, { Environment: { Variables: { RUNS: file, SLOW_RUNS: '0' } } });
  faults.add({ at: 'lambda/worker', kind: 'lose-response' });
  const { runs, errors } = await transform('a');
  expect([textsOf(runs), (await readFile(file)).length]).toEqual([['A'], 2]);
  const message = 'The AWS Lambda service encountered an internal error.';
  expect(errors).toEqual([`Lambda.ServiceException: ${message} (${FUNCTION_ARN})`]);
});

test('a batch of more than 6 MB goes through in several invocations, in order', async () => {
  const file = join(dataDir, 'runs');
  await writeFile(file, '');
  await create(SLOW, { Environment: { Variables: { RUNS: file, SLOW_RUNS: '0' } } });
  const data = Array.from('abcdef', (letter) => letter.repeat(1_000_000));
  const { runs, failed } = await transform(...data);
  expect([textsOf(runs).map((text) => text.slice(0, 2)), failed]).toEqual([['AA', 'BB', 'CC', 'DD', 'EE', 'FF'], []]);
  expect((await readFile(file)).length).toBe(2);
});
