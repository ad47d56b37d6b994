import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deploy, json, KINESIS, type TestGateway, testGateway } from '../testing.ts';

const TEXT = '{"value":"냇물"}';

let gateway: TestGateway;
let data: string[];
let url: string;
beforeEach(async () => {
  data = [];
  gateway = testGateway(({ body }) => {
    data.push(Buffer.from(JSON.parse(String(body)).Data, 'base64').toString());
    return json(200, { SequenceNumber: '1', ShardId: 'shardId-000000000000' });
  });
  ({ url } = await deploy(gateway, { integration: KINESIS }));
});
afterEach(() => gateway.clock.close());

const post = (coding: string, body: Buffer | string) =>
  gateway.invoke(url, { headers: { 'Content-Type': 'application/json', 'Content-Encoding': coding }, body });

test.each([
  ['gzip', gzipSync(TEXT)],
  ['GZIP', gzipSync(TEXT)],
  ['deflate', deflateSync(TEXT)],
  ['identity', TEXT],
  ['', TEXT],
])('a body that is packed with %j is unpacked before templates see it', async (coding, body) => {
  expect((await post(coding, body)).status).toBe(200);
  expect(data).toEqual([TEXT]);
});

test('an empty body is packed with nothing', async () => {
  expect((await post('gzip', '')).status).toBe(200);
  expect(data).toEqual(['{}']);
});

describe('is refused', () => {
  test.each([
    ['with what API Gateway does not know', 'br', TEXT],
    ['with another than it says', 'gzip', TEXT],
    ['and cut off', 'gzip', gzipSync(TEXT).subarray(0, 20)],
  ])('a body packed %s', async (_what, coding, body) => {
    expect(await post(coding, body)).toMatchObject({ status: 415, body: '{"message":"Unsupported Media Type"}' });
    expect(data).toEqual([]);
  });

  test('a small body that becomes larger than 10 MB', async () => {
    const bomb = gzipSync(Buffer.alloc(10 * 1024 * 1024 + 1, 'a'));
    expect(bomb.length).toBeLessThan(20_000);
    expect(await post('gzip', bomb)).toMatchObject({ status: 413, body: '{"message":"Request Too Long"}' });
  });
});
