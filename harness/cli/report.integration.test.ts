import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { DayReport } from '../../services/webhooks/report/index.ts';
import { testEdge } from '../edge/testing.ts';
import type { RunningEngine } from '../engines/engine.ts';
import { nativeLocalStack } from '../engines/localstack/index.ts';
import { startEngine } from '../engines/testing.ts';
import { reportCommand } from './commands/report.ts';

let dir: string;
let localstack: RunningEngine;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'naetmul-report-'));
  localstack = await startEngine(nativeLocalStack(), dir);
});

afterAll(async () => {
  await localstack.stop();
  rmSync(dir, { recursive: true });
});

afterEach(() => vi.unstubAllEnvs());

/** An account that the environment names. */
function stubAccount(): void {
  vi.stubEnv('AWS_ENDPOINT_URL', localstack.endpoint);
  vi.stubEnv('AWS_REGION', 'ap-northeast-2');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
}

/** What `naetmul report` prints. */
async function report(...args: string[]): Promise<string> {
  let printed = '';
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await reportCommand().exitOverride().parseAsync(args, { from: 'user' });
    return printed;
  } finally {
    spy.mockRestore();
  }
}

/** Puts calls, as Firehose does, into objects: the hour's folder → when each was received, and its id. */
async function store(bucket: string, folders: Readonly<Record<string, readonly [receivedAt: string, id: string][]>>) {
  const s3 = new S3Client({
    endpoint: localstack.endpoint,
    region: 'ap-northeast-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  const CreateBucketConfiguration = { LocationConstraint: 'ap-northeast-2' } as const;
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
  for (const [folder, calls] of Object.entries(folders)) {
    const lines = calls.map(([at, call_id]) => {
      const known = { sender: '050', via: 'gateway', request_id: 'r', received_at: Date.parse(at) };
      return `${JSON.stringify({ ...known, event: { call_id } })}\n`;
    });
    const name = 'webhooks-1-2022-01-27-00-00-00-046b6c7f-0b8a-43b9-b35d-6489e6daee91';
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${folder}/${name}`, Body: lines.join('') }));
  }
  s3.destroy();
}

test('naetmul report counts what lies in a bucket of the account that the environment names', async () => {
  await store('hooks', {
    'of/2022/01/25/15': [['2022-01-25T15:30:00Z', '1']],
    'of/2022/01/26/14': [
      ['2022-01-26T14:59:59Z', '2'],
      ['2022-01-26T15:00:01Z', '2'],
      ['2022-01-26T15:00:02Z', '3'],
    ],
    'of/2022/01/26/15': [['2022-01-26T15:29:59Z', '1']],
  });
  stubAccount();
  const where = ['--bucket', 'hooks', '--prefix', 'of/', '--day', '2022-01-27'];
  const told: DayReport = JSON.parse(await report(...where, '--json'));
  expect(told.senders).toEqual([
    { sender: '050', hours: [{ hour: 0, raw: 3, copies: 2, unique: 1 }], total: { raw: 3, copies: 2, unique: 1 } },
  ]);
  expect(told).toMatchObject({ time: 'received', read: { objects: 3, records: 5, outside: 2 } });
  expect(await report(...where, '--window', '1')).toMatch(/^050 {5}00:00 +3 +1 +2$/m);
});

test('naetmul report says what S3 says of a bucket that is not there', async () => {
  stubAccount();
  await expect(report('--bucket', 'nobodys')).rejects.toMatchObject({
    code: 'S3',
    message: 'The bucket nobodys cannot be read: NoSuchBucket: The specified bucket does not exist',
  });
});

test('naetmul report asks the bench for its bucket and for the day that it is in Korea', async () => {
  await store('of-the-bench', {
    'rawdata/2022/01/26/14': [
      ['2022-01-26T14:59:59Z', '1'],
      ['2022-01-26T15:00:00Z', '2'],
    ],
  });
  await using bench = await testEdge({ upstream: () => localstack.endpoint });
  let outputs: Record<string, unknown> = { webhooks: { BucketName: 'of-the-bench' } };
  bench.edge.setControl(async (_request, path) => {
    const answers: Record<string, unknown> = { '/outputs': outputs, '/clock': { now: '2022-01-26T15:00:00.000Z' } };
    return { status: 200, headers: {}, body: JSON.stringify(answers[path]) };
  });
  vi.stubEnv('NAETMUL_URL', bench.url);
  const told: DayReport = JSON.parse(await report('--json'));
  expect(told).toMatchObject({ day: '2022-01-27', total: { raw: 1, copies: 0, unique: 1 } });
  expect(await report('--day', '2022-01-26')).toMatch(/^050 {5}23:00 +1 +0 +1$/m);
  outputs = { ingest: {} };
  await expect(report()).rejects.toMatchObject({ code: 'NOT_DEPLOYED' });
});
