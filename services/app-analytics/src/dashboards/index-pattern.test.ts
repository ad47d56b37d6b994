import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { putIndexPattern } from './index-pattern.ts';

const PATTERN = { title: 'pinpoint*', timeField: 'arrival_timestamp' };

/** What answers at an address that should be Dashboards'. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('the index pattern is saved with the headers that Dashboards and Kibana insist on, under an id of its own', async () => {
  const asked: { request: IncomingMessage; body: unknown }[] = [];
  const url = await serve(async (request, response) => {
    asked.push({ request, body: await json(request) });
    response.setHeader('content-type', 'application/json');
    response.end('{"id":"pinpoint","type":"index-pattern","attributes":{}}');
  });
  expect(await putIndexPattern(PATTERN, { url: `${url}/_dashboards/`, fetch })).toBe('pinpoint');
  const [{ request, body } = { request: undefined, body: undefined }] = asked;
  expect([request?.method, request?.url]).toEqual([
    'POST',
    '/_dashboards/api/saved_objects/index-pattern/pinpoint?overwrite=true',
  ]);
  expect(request?.headers).toMatchObject({
    'osd-xsrf': 'true',
    'kbn-xsrf': 'true',
    'content-type': 'application/json',
  });
  expect(body).toEqual({ attributes: { title: 'pinpoint*', timeFieldName: 'arrival_timestamp' } });
});

test.each([
  [400, {}, 'Request must contain a osd-xsrf header.', /^OpenSearch Dashboards answered 400: Request must contain/],
  [302, { location: '/login' }, '', /leads to \/login: it wants a login, or has another path\.$/],
  [200, {}, '<html>', /^What answers at http:\/\/127\.0\.0\.1:\d+ is not OpenSearch Dashboards\.$/],
])('an answer of %i %o is explained', async (status, headers, body, message) => {
  const url = await serve((_request, response) => {
    response.writeHead(status, headers);
    response.end(body);
  });
  await expect(putIndexPattern(PATTERN, { url, fetch })).rejects.toThrow(message);
});

test('that nobody answers is told', async () => {
  await expect(putIndexPattern(PATTERN, { url: 'http://127.0.0.1:9', fetch })).rejects.toThrow(
    'OpenSearch Dashboards cannot be reached at http://127.0.0.1:9.',
  );
});
