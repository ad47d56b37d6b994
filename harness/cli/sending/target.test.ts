import { expect, test } from 'vitest';
import type { ControlClient } from '../../control/client.ts';
import { benchTarget, urlTarget } from './target.ts';

const EDGE = 'http://localhost:4566';

/** As much of a bench as is asked. */
function bench(url: string | undefined, customDomains: object | null = null, mode = 'held', kinesis = 'naetmul') {
  return {
    edge: EDGE,
    outputs: async () => ({ ingest: {}, ...(url === undefined ? {} : { webhooks: { Url: url } }) }),
    status: async () => ({ customDomains, kinesis }),
    clock: async () => ({ now: '2022-01-31T14:00:00.000Z', mode }),
  } as unknown as ControlClient;
}

test('a webhook goes to the sender’s own resource, each way to another', async () => {
  const urls = await Promise.all(
    (['gateway', 'lambda', 'async'] as const).map(async (way) => {
      const { url } = await benchTarget(bench(`${EDGE}/api/PROD`), { sender: '050', way, stack: 'webhooks' });
      return url;
    }),
  );
  expect(urls).toEqual([`${EDGE}/api/PROD/050`, `${EDGE}/api/PROD/lambda/050`, `${EDGE}/api/PROD/async/050`]);
});

test('happens by the bench’s clock', async () => {
  const target = await benchTarget(bench(EDGE), { sender: '050', way: 'gateway', stack: 'webhooks' });
  expect(await target.now()).toBe(Date.parse('2022-01-31T14:00:00Z'));
});

test.each([
  ['held', 'naetmul', 'The bench’s time stands still'],
  ['held', 'localstack', undefined],
  ['auto', 'naetmul', undefined],
  ['real', 'naetmul', undefined],
])('a bench whose time is %s, and whose Kinesis is %s, is told of: %s', async (mode, kinesis, text) => {
  const target = await benchTarget(bench(EDGE, null, mode, kinesis), {
    sender: '050',
    way: 'gateway',
    stack: 'webhooks',
  });
  if (text === undefined) expect(target.warning).toBeUndefined();
  else expect(target.warning).toContain(text);
});

test('an API’s domain name of its own is looked for at the bench', async () => {
  const customDomains = { host: '127.0.0.1', port: 8443, ca: '/run/ca.pem' };
  const target = await benchTarget(bench('https://hooks.example.com', customDomains), {
    sender: 'appsflyer',
    way: 'gateway',
    stack: 'webhooks',
  });
  expect(target).toMatchObject({
    url: 'https://hooks.example.com/appsflyer',
    connectTo: { host: '127.0.0.1', port: 8443 },
    caFile: '/run/ca.pem',
  });
});

test('a bench without the pipeline is told by name', async () => {
  await expect(
    benchTarget(bench(undefined), { sender: '050', way: 'gateway', stack: 'webhooks' }),
  ).rejects.toMatchObject({
    code: 'NOT_DEPLOYED',
    message: 'This bench has no Url of a stack "webhooks".',
    remedy: 'There is ingest. Name one with --stack; `naetmul logs deploy` says what became of the others.',
  });
});

test('an endpoint elsewhere is taken as it is, and has to be one', () => {
  expect(urlTarget('https://hooks.example.com/v1/050').url).toBe('https://hooks.example.com/v1/050');
  for (const url of ['hooks.example.com', 'ftp://hooks.example.com', ''])
    expect(() => urlTarget(url)).toThrow(`"${url}" is not the address of an endpoint.`);
});

test.each([
  ['https://hooks.example.com/v1?a=b:c@d', 'https://hooks.example.com/v1?a=b:c@d'],
  ['https://me@hooks.example.com/', 'https://me@hooks.example.com/'],
  ['https://me:se@cr:et@hooks.example.com/v1', 'https://me:***@hooks.example.com/v1'],
  ['https://:secret@hooks.example.com:8443', 'https://:***@hooks.example.com:8443/'],
  ['http:me:secret@[::1]/', 'http://me:***@[::1]/'],
])('the endpoint %s is shown as %s', (url, shown) => {
  expect(urlTarget(url)).toMatchObject({ url, shown });
});

test.each([
  ['me:secret@hooks.example.com', 'me:***@hooks.example.com'],
  ['ftp://me:secret@hooks.example.com', 'ftp://me:***@hooks.example.com/'],
  ['https://me:secret@hooks.example.com:port', 'https://me:***@hooks.example.com:port'],
  ['https://me:sec/ret@hooks example.com', 'https://me:***@hooks example.com'],
])('what is no endpoint is told without its password: %s', (url, shown) => {
  expect(() => urlTarget(url)).toThrow(`"${shown}" is not the address of an endpoint.`);
});
