import { describe, expect, test } from 'vitest';
import { isTrustedOrigin, refusal } from './guard.ts';
import type { Route } from './route.ts';

const SERVICE: Route = { kind: 'service', service: 's3', scope: undefined };
const CONTROL: Route = { kind: 'control', path: '/reset' };
const API: Route = { kind: 'execute-api', api: { apiId: 'a1', stage: 'PROD', path: '/v1', query: '' } };
const ask = (headers: Record<string, string>, route: Route = SERVICE, names: string[] = []) =>
  refusal(headers, route, names);

describe('the name a request is for', () => {
  test.each([
    'localhost:4566',
    'LOCALHOST',
    'localhost.',
    '127.0.0.1:4566',
    '127.1.2.3',
    '[::1]:4566',
    '192.168.0.7:4566',
    'a1.execute-api.localhost:4566',
    'bucket.s3.localhost.localstack.cloud:4566',
    'kinesis.ap-northeast-2.amazonaws.com',
  ])('may be %s', (host) => {
    expect(ask({ host })).toBeUndefined();
  });

  test('may be that of a custom domain, which only the user can make', () => {
    const domain = { host: 'api.example.com', path: '/', query: '' };
    expect(
      ask({ host: domain.host, origin: 'https://any.example' }, { kind: 'custom-domain', domain }),
    ).toBeUndefined();
  });

  test.each([
    'evil.example',
    'localhost.evil.example:4566',
    'notlocalhost',
    '127.0.0.1.evil.example',
    'amazonaws.com.evil.example',
    'evilamazonaws.com',
    '',
    'a b',
    'localhost:4566:1',
  ])('may not be %j, whatever the route', (host) => {
    for (const route of [SERVICE, CONTROL, API]) {
      expect(ask({ host }, route)).toBe(
        `The request is for the host ${JSON.stringify(host)}, which is not a name of this endpoint. ` +
          'Use localhost, or start naetmul with this name among its public host names.',
      );
    }
  });

  test('must be said', () => {
    expect(ask({})).toContain('The request is for the host ""');
  });

  test('may be a public one, or a name below it', () => {
    expect(ask({ host: 'bench.example' }, SERVICE, ['bench.example'])).toBeUndefined();
    expect(ask({ host: 'a1.execute-api.bench.example' }, SERVICE, ['bench.example'])).toBeUndefined();
    expect(ask({ host: 'xbench.example' }, SERVICE, ['bench.example'])).toBeDefined();
  });
});

describe('the page a request comes from', () => {
  const host = 'localhost:4566';

  test.each([
    'http://localhost:3000',
    'https://localhost',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'http://app.localhost:5173',
  ])('may be of %s', (origin) => {
    expect(ask({ host, origin })).toBeUndefined();
    expect(ask({ host, origin, 'sec-fetch-site': 'cross-site' })).toBeUndefined();
  });

  test.each([
    'https://evil.example',
    'http://localhost.evil.example',
    'http://evil.example:4566',
    'null',
    '',
    'file://',
    'chrome-extension://abcdef',
    'http://localhost:3000@evil.example',
    'http://evil.example/http://localhost',
  ])('may not be of %j', (origin) => {
    for (const route of [SERVICE, CONTROL]) {
      expect(ask({ host, origin }, route)).toBe(
        `The request comes from a web page of the origin ${JSON.stringify(origin)}. ` +
          'Only pages served from localhost may call this endpoint; deployed APIs answer every origin.',
      );
    }
  });

  test('a form posted by a page of elsewhere carries its origin, whatever its content type', () => {
    const form = { host, origin: 'https://evil.example', 'content-type': 'text/plain' };
    expect(ask(form)).toContain('https://evil.example');
  });

  test('an image or a link on a page of elsewhere carries no origin, but says cross-site', () => {
    expect(ask({ host, 'sec-fetch-site': 'cross-site' }, CONTROL)).toContain('a web page of another site');
    for (const site of ['none', 'same-origin', 'same-site']) {
      expect(ask({ host, 'sec-fetch-site': site }, CONTROL)).toBeUndefined();
    }
  });

  test('may be of this endpoint itself, under whatever name it has', () => {
    const name = 'bucket.s3.us-east-1.amazonaws.com';
    expect(ask({ host: name, origin: `http://${name}` })).toBeUndefined();
    expect(ask({ host: name, origin: 'http://other.s3.us-east-1.amazonaws.com' })).toBeDefined();
  });

  test('may be of anywhere for a deployed API', () => {
    expect(ask({ host: 'a1.execute-api.localhost', origin: 'https://shop.example' }, API)).toBeUndefined();
    expect(ask({ host: 'a1.execute-api.localhost', origin: 'null' }, API)).toBeUndefined();
  });

  test('may be of a public host name', () => {
    expect(isTrustedOrigin('https://app.bench.example', host, ['bench.example'])).toBe(true);
    expect(isTrustedOrigin('https://app.bench.example', host, [])).toBe(false);
  });
});
