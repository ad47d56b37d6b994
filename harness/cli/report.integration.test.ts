import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { DayReport } from '../../services/webhooks/report/index.ts';
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

/** What `naetmul report` prints, asked for the account of the environment. */
async function report(...args: string[]): Promise<string> {
  vi.stubEnv('AWS_ENDPOINT_URL', localstack.endpoint);
  vi.stubEnv('AWS_REGION', 'ap-northeast-2');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
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

test('naetmul report counts what lies in a bucket of the account that the environment names', async () => {
  const s3 = new S3Client({
    endpoint: localstack.endpoint,
    region: 'ap-northeast-2',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  const put = (key: string, ...calls: [receivedAt: string, id: string][]) => {
    const lines = calls.map(([at, call_id]) => {
      const known = { sender: '050', via: 'gateway', request_id: 'r', received_at: Date.parse(at) };
      return `${JSON.stringify({ ...known, event: { call_id } })}\n`;
    });
    const name = 'webhooks-1-2022-01-27-00-00-00-046b6c7f-0b8a-43b9-b35d-6489e6daee91';
    return s3.send(new PutObjectCommand({ Bucket: 'hooks', Key: `of/${key}/${name}`, Body: lines.join('') }));
  };
  await s3.send(
    new CreateBucketCommand({
      Bucket: 'hooks',
      CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-2' },
    }),
  );
  await put('2022/01/25/15', ['2022-01-25T15:30:00Z', '1']);
  await put(
    '2022/01/26/14',
    ['2022-01-26T14:59:59Z', '2'],
    ['2022-01-26T15:00:01Z', '2'],
    ['2022-01-26T15:00:02Z', '3'],
  );
  await put('2022/01/26/15', ['2022-01-26T15:29:59Z', '1']);
  s3.destroy();
  const where = ['--bucket', 'hooks', '--prefix', 'of/', '--day', '2022-01-27'];
  const told: DayReport = JSON.parse(await report(...where, '--json'));
  expect(told.senders).toEqual([
    { sender: '050', hours: [{ hour: 0, raw: 3, copies: 2, unique: 1 }], total: { raw: 3, copies: 2, unique: 1 } },
  ]);
  expect(told).toMatchObject({ time: 'received', read: { objects: 3, records: 5, outside: 2 } });
  expect(await report(...where, '--window', '1')).toMatch(/^050 {5}00:00 +3 +1 +2$/m);
});

test('naetmul report says what S3 says of a bucket that is not there', async () => {
  await expect(report('--bucket', 'nobodys')).rejects.toMatchObject({
    code: 'S3',
    message: 'The bucket nobodys cannot be read: NoSuchBucket: The specified bucket does not exist',
  });
});
