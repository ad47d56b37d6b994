import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEngine } from '../engine.ts';
import { createEngines } from '../index.ts';
import { nativeLocalStack } from '../localstack/index.ts';
import { MINISTACK_VERSION, nativeMiniStack } from '../ministack/index.ts';
import { startEngine } from '../testing.ts';
import { findLacks } from './capabilities.ts';
import { externalAws } from './index.ts';

const ALL = ['s3', 'iam', 'sts', 'kinesis'] as const;
const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'naetmul-aws-'));
let miniStack: RunningEngine;
let localStack: RunningEngine;

beforeAll(async () => {
  [miniStack, localStack] = await Promise.all([
    startEngine(nativeMiniStack(), join(folder, 'ministack')),
    startEngine(nativeLocalStack({ kinesis: true }), join(folder, 'localstack')),
  ]);
});

afterAll(async () => {
  await Promise.all([miniStack?.stop(), localStack?.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

test('MiniStack and LocalStack answer all that pipelines need', async () => {
  expect(await findLacks(miniStack.endpoint, ALL, signal)).toEqual([]);
  expect(await findLacks(localStack.endpoint, ALL, signal)).toEqual([]);
});

test('what was made to find out is removed again', async () => {
  const list = await fetch(miniStack.endpoint, {
    headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request' },
  });
  expect(await list.text()).toMatch(/<Buckets\s*\/>|<Buckets><\/Buckets>/);
});

test('a server that is given by its address says who it is', async () => {
  const who = async (address: string) => (await startEngine(externalAws(address), join(folder, 'external'))).version;
  expect(await who(miniStack.endpoint)).toBe(`MiniStack ${MINISTACK_VERSION}`);
  expect(await who(localStack.endpoint)).toBe(localStack.version);
});

test('of a server that can do nothing it is told what the pipelines will miss', async () => {
  const server = createServer((_request, response) => response.writeHead(501).end()).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [engine] = createEngines({ overrides: { aws: address } });
    const started = await startEngine(engine as NonNullable<typeof engine>, join(folder, 'nothing'));
    expect(started.version).toBe('unknown');
    const calls = started.lacks?.map((lack) => lack.split(': ')[0] ?? '') ?? [];
    expect(calls).toEqual(expect.arrayContaining(['s3:CreateBucket', 's3:PutObject', 'iam:CreateRole']));
    // naetmul plays Kinesis unless it is told otherwise, so nobody else need.
    expect(calls.filter((call) => call.startsWith('kinesis:'))).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
