import { afterEach, beforeEach, expect, test } from 'vitest';
import { testEdge } from '../../../edge/testing.ts';
import { MAX_HEADER_BYTES } from '../limits.ts';
import { deploy, REGION, type TestGateway, testGateway } from '../testing.ts';

const PLAN = {
  pathPart: '{proxy+}',
  httpMethod: 'ANY',
  integration: { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
};

let gateway: TestGateway;
beforeEach(() => {
  gateway = testGateway();
});
afterEach(() => gateway.clock.close());

const untold = () => [gateway.entries, gateway.samples, gateway.logs];

/** Headers of exactly this many bytes on the wire, with `: ` and the ends of lines. */
const headersOf = (bytes: number) => {
  const first = { 'X-First': 'one' };
  const used = 'X-First: one\r\n'.length + 'X-Rest: \r\n'.length;
  return { ...first, 'X-Rest': 'x'.repeat(bytes - used) };
};

test('headers may have 20,480 bytes together', async () => {
  const { url } = await deploy(gateway, PLAN);
  expect((await gateway.invoke(url, { headers: headersOf(MAX_HEADER_BYTES) })).status).toBe(200);
});

test('headers of one byte more are refused at the door: in no log, no metric and no ledger', async () => {
  const { url } = await deploy(gateway, PLAN);
  const answer = await gateway.invoke(url, { headers: headersOf(MAX_HEADER_BYTES + 1) });
  expect(answer).toMatchObject({
    status: 431,
    headers: { 'Content-Type': 'text/plain' },
    body: 'HTTP header is larger than 20480 bytes.',
  });
  expect(untold()).toEqual([[], [], []]);
});

test('many small headers count as one large one, whoever reads them over the wire', async () => {
  const { restApiId } = await deploy(gateway, PLAN);
  await using bench = await testEdge({}, [gateway.emulator]);
  const call = (count: number) =>
    fetch(`${bench.url}/_aws/execute-api/${restApiId}/PROD/a`, {
      headers: Array.from({ length: count }, (_, n): [string, string] => [`x-${n}`, 'x'.repeat(90)]),
    });
  expect((await call(190)).status).toBe(200);
  const refused = await call(210);
  expect([refused.status, await refused.text()]).toEqual([431, 'HTTP header is larger than 20480 bytes.']);
});

test.each([
  ['REGIONAL', 10_240, 414],
  ['EDGE', 8192, 413],
])('the URL of a %s API may have %d characters, and of one more is refused with %d', async (type, length, status) => {
  const { url, restApiId } = await deploy(gateway, { ...PLAN, api: { endpointConfiguration: { types: [type] } } });
  const before = `https://${restApiId}.execute-api.${REGION}.amazonaws.com/PROD/?q=`.length;
  const call = (more: number) => gateway.invoke(url.replace('{proxy+}', `${'a'.repeat(more)}?q=`), { method: 'GET' });
  expect((await call(length - before)).status).toBe(200);
  const recorded = gateway.entries.length;
  expect(await call(length - before + 1)).toMatchObject({ status, body: 'Request URI too long' });
  expect(gateway.entries).toHaveLength(recorded);
});
