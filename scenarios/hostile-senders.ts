import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DEEP, ESCAPES, type HostileBody, INJECTIONS, LARGE, NO_UTF8, TEMPLATES } from '../fixtures/senders/hostile.ts';
import {
  type Answer,
  type Apis,
  type DeployedApi,
  echo,
  expect,
  listenAs,
  meanwhile,
  mockIntegration,
  residentMiB,
  scenario,
} from '../harness/kit/index.ts';

const FORM = 'application/x-www-form-urlencoded';
const NOW = '2022-01-27T14:48:25+09:00';
const careful = readFileSync(new URL('../fixtures/mapping-templates/form-careful.vtl', import.meta.url), 'utf8');
/** What a caller sees of its own path and query. */
const MIRROR = `{"name":"$util.escapeJavaScript($input.params('name'))","q":"$util.escapeJavaScript($input.params('q'))"}`;

/** Bounds, not expectations: the machine may be busy with other things, too. */
const BYSTANDERS_WAIT_MS = 30_000;
const MEMORY_MIB = 3072;

/** One method for every template, with the sender's own echo behind it; and one for those who mean no harm. */
async function deployTarget(apis: Apis, backend: string): Promise<DeployedApi> {
  const http = (type: string, template: string) => ({
    type: 'HTTP' as const,
    integrationHttpMethod: 'POST',
    uri: backend,
    passthroughBehavior: 'NEVER',
    requestTemplates: { [type]: template },
  });
  return await apis.deploy({
    name: 'target',
    methods: [
      { path: '/form', integration: http(FORM, careful) },
      ...Object.entries(TEMPLATES).map(([name, template]) => ({
        path: `/${name}`,
        integration: http('application/json', template),
      })),
      { path: '/bystander', httpMethod: 'GET', integration: mockIntegration() },
      {
        path: '/{name}',
        httpMethod: 'GET',
        integration: mockIntegration(),
        responses: [{ statusCode: '200', responseTemplates: { 'application/json': MIRROR } }],
      },
    ],
    settings: { '/*/*/logging/loglevel': 'ERROR' },
  });
}

const send = (apis: Apis, api: DeployedApi, { to, headers = {}, make }: HostileBody): Promise<Answer> =>
  apis.send('POST', `${api.url}/${to}`, {
    body: make(),
    contentType: to === 'form' ? FORM : 'application/json',
    headers,
  });

scenario(
  'bodies of 10 MB are served or refused by name, while others are served and memory stays bounded',
  async ({ apis, testbench, tell }) => {
    await using backend = await listenAs(echo);
    const api = await deployTarget(apis, backend.url);
    const { pid } = await testbench.health();
    const bystander = async () => {
      const answer = await apis.send('GET', `${api.url}/bystander`);
      expect(answer.status).toBe(200);
    };
    let highest = 0;
    const watch = () => {
      highest = Math.max(highest, residentMiB(pid));
    };
    tell.figure('resident memory before', mebibytes(residentMiB(pid)));

    await tell.step('One after the other');
    for (const body of LARGE) {
      const { result, longestMs } = await meanwhile(() => send(apis, api, body), bystander);
      expect(result.status, body.what).toBe(body.status);
      if (body.text !== undefined) expect(result.text, body.what).toBe(body.text);
      tell.figure(
        `10 MB: ${body.what}`,
        `${body.status} ${excerpt(result.text)}; others waited ${longestMs} ms at most`,
      );
    }

    for (const round of ['first', 'second']) {
      await tell.step(`All of them at once, the ${round} time`);
      highest = 0;
      const { result } = await meanwhile(
        () => meanwhile(() => Promise.all(LARGE.map((body) => send(apis, api, body))), bystander),
        watch,
      );
      // Where the machine has much else to do, the time-out of 29 s may come first: a clear error, too.
      for (const [n, { status }] of result.result.entries())
        expect([LARGE[n]?.status, 504], LARGE[n]?.what).toContain(status);
      expect(result.times).toBeGreaterThan(0);
      expect(result.longestMs).toBeLessThan(BYSTANDERS_WAIT_MS);
      expect(highest).toBeLessThan(MEMORY_MIB);
      tell.figure(
        `all at once, the ${round} time`,
        `${result.times} others served, who waited ${result.longestMs} ms at most; memory at most ${mebibytes(highest)}`,
      );
    }
  },
);

scenario('senders that take their time hold neither others nor the clock', async ({ apis, clock, tell }) => {
  const SENDERS = 40;
  await clock.set(NOW);
  await using backend = await listenAs(echo);
  const api = await deployTarget(apis, backend.url);

  await tell.step(`${SENDERS} senders announce a body, send the half of it and wait`);
  const body = Buffer.from('{"value":"slow"}');
  const slow = await Promise.all(
    Array.from({ length: SENDERS }, () =>
      open(
        api,
        ['POST /body', 'Content-Type: application/json', `Content-Length: ${body.length}`],
        body.subarray(0, 8),
      ),
    ),
  );

  await tell.step('Others are served');
  for (let n = 0; n < SENDERS; n++) expect((await apis.send('GET', `${api.url}/bystander`)).status).toBe(200);

  await tell.step('Time goes on');
  await clock.advance('5m');
  expect(await clock.now()).toBe(Date.parse(NOW) + 300_000);

  await tell.step('They send the rest, and each gets its answer');
  for (const { socket } of slow) socket.write(body.subarray(8));
  for (const { answer } of slow) {
    const text = await answer;
    expect(text).toMatch(/^HTTP\/1\.1 200 /);
    expect(text.endsWith('{"value":"slow"}')).toBe(true);
  }
  tell.figure('slow senders answered', SENDERS);
});

scenario('what is no HTTP, or too much of it, is refused at the door', async ({ apis, tell }) => {
  await using backend = await listenAs(echo);
  const api = await deployTarget(apis, backend.url);
  const requests: readonly [what: string, head: readonly string[], body: string, status: RegExp][] = [
    ['10,000 headers', ['GET /bystander', ...Array.from({ length: 10_000 }, (_, n) => `x-${n}: ${n}`)], '', /431/],
    ['10,000 times the same header', ['GET /bystander', ...Array.from({ length: 10_000 }, () => 'a: b')], '', /431/],
    ['a header of 100 KB', ['GET /bystander', `x: ${'x'.repeat(100_000)}`], '', /431/],
    ['a header without a colon', ['GET /bystander', 'no header at all'], '', /400/],
    ['a length and chunks', ['POST /body', 'Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n', /400/],
    ['two lengths', ['POST /body', 'Content-Length: 5', 'Content-Length: 6'], 'hello', /400/],
    ['a chunk whose size is none', ['POST /body', 'Transfer-Encoding: chunked'], 'zz\r\nhello\r\n', /400/],
    ['a negative length', ['POST /body', 'Content-Length: -1'], '', /400/],
    ['a method that is none', ['MAKE-TEA /body'], '', /400|403/],
  ];
  for (const [what, head, body, status] of requests) {
    await tell.step(what);
    const { answer } = await open(api, [...head, 'Connection: close'], Buffer.from(body));
    const [line = ''] = (await answer).split('\r\n');
    expect(line, what).toMatch(/^HTTP\/1\.1 /);
    expect(line.slice(9, 12), what).toMatch(status);
    tell.figure(what, line);
    expect((await apis.send('GET', `${api.url}/bystander`)).status, what).toBe(200);
  }
});

scenario(
  'what cannot be decoded, what is too deep and what looks like a template is an error or harmless data',
  async ({ apis, tell }) => {
    await using backend = await listenAs(echo);
    const api = await deployTarget(apis, backend.url);
    const post = (to: string, body: string | Buffer) => apis.send('POST', `${api.url}/${to}`, { body });

    await tell.step('JSON 100,000 levels deep');
    for (const body of DEEP) {
      const answer = await send(apis, api, body);
      expect(answer.status, body.what).toBe(body.status);
      expect(answer.text === body.text, `${body.what}: ${excerpt(answer.text)}`).toBe(true);
      tell.figure(`100,000 levels: ${body.what}`, `${answer.status} ${excerpt(answer.text)}`);
    }

    await tell.step('Values that look like templates, or like the end of a JSON string');
    for (const value of INJECTIONS) {
      const body = JSON.stringify({ value });
      const careful = await post('careful', body);
      expect(careful.status, value).toBe(200);
      expect(careful.json, value).toEqual({ value });
      // Who puts values between quotes as they are gets broken JSON, or members that nobody meant: but never a template.
      const careless = await post('careless', body);
      expect(careless.status, value).toBe(200);
      expect(careless.text, value).toBe(`{"value":"${value}"}`);
    }
    tell.figure('values that became a template', `0 of ${INJECTIONS.length}`);

    await tell.step('Bytes that are no UTF-8');
    const undecodable = await post('careful', NO_UTF8);
    expect(undecodable.status).toBe(200);
    expect(undecodable.json.value).toMatch(/^\ufffd+$/);
    tell.figure('no UTF-8', undecodable.text);

    await tell.step('Percent signs with nothing behind them, in a form, a path and a query');
    const form = await apis.send('POST', `${api.url}/form`, { body: 'a=%&%zz=%4&b=%FF%FE', contentType: FORM });
    expect(JSON.parse(Buffer.from(form.json.Data, 'base64').toString())).toEqual({ a: '%', '%zz': '%4', b: '��' });
    for (const [name, q, read] of [
      ['%', '%', '%'],
      ['%zz', '%zz', '%zz'],
      ['%FF%FE', '%FF%FE', '��'],
      ['%00', '%00', '\u0000'],
      ['__proto__', '__proto__', '__proto__'],
      ['$context.requestId', '%24context.requestId%22%23foreach', '$context.requestId"#foreach'],
    ] as const) {
      const mirror = await apis.send('GET', `${api.url}/${name}?q=${q}&__proto__=1&constructor=2`);
      expect(mirror.status, name).toBe(200);
      expect(mirror.json, name).toEqual({ name, q: read });
    }
  },
);

scenario(
  'templates that try to escape find nothing, and those that go on for ever are ended',
  async ({ apis, aws, eventually, tell }) => {
    await tell.step(`${ESCAPES.length} templates are deployed`);
    const api = await apis.deploy({
      name: 'escapes',
      methods: [
        ...ESCAPES.map((template, n) => ({
          path: `/${n}`,
          httpMethod: 'GET',
          integration: mockIntegration(),
          responses: [{ statusCode: '200', responseTemplates: { 'text/plain': template } }],
        })),
        { path: '/bystander', httpMethod: 'GET', integration: mockIntegration() },
      ],
      settings: { '/*/*/logging/loglevel': 'ERROR' },
    });

    await tell.step('Each is called, while others are served');
    let failed = 0;
    for (const [n, template] of ESCAPES.entries()) {
      const { result, longestMs } = await meanwhile(
        () => apis.send('GET', `${api.url}/${n}`),
        async () => expect((await apis.send('GET', `${api.url}/bystander`)).status).toBe(200),
      );
      expect(longestMs, template).toBeLessThan(BYSTANDERS_WAIT_MS);
      expect([200, 500], template).toContain(result.status);
      tell.figure(template, `${result.status} ${excerpt(result.text)}`);
      if (result.status === 500) {
        failed++;
        expect(result.text, template).toBe('{"message": "Internal server error"}');
        const requestId = String(result.headers['x-amzn-requestid']);
        await eventually(async () => {
          const { events = [] } = await aws.logs.send(
            new FilterLogEventsCommand({ logGroupName: api.executionLogGroup, filterPattern: `"${requestId}"` }),
          );
          const lines = events.map(({ message = '' }) => message).join('\n');
          expect(lines, template).toMatch(/Execution failed due to configuration error: .*line \d+, column \d+/);
        });
      } else {
        // What a template prints is what stands in it, or what it was given.
        expect(result.text, template).not.toMatch(
          /root:|uid=|naetmul|node|native code|\/(?:usr|bin|home|etc\/passwd:)|polluted|yes/i,
        );
      }
    }
    tell.figure('templates that were ended or refused, with the place in the execution log', failed);
    expect(failed).toBeGreaterThan(0);
  },
);

/** A request as it comes, byte by byte; what is answered until the connection ends or the answer is whole. */
async function open(
  api: DeployedApi,
  [requestLine = '', ...headers]: readonly string[],
  body: Buffer,
): Promise<{ readonly socket: Socket; readonly answer: Promise<string> }> {
  const { hostname, port, pathname } = new URL(api.url);
  const [method, path] = requestLine.split(' ');
  const socket = connect({ host: hostname, port: Number(port) });
  const answer = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\r\n\r\n') && /\r\ncontent-length: /i.test(text) && text.endsWith('}')) socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text));
  });
  const head = [`${method} ${pathname}${path} HTTP/1.1`, `Host: ${hostname}:${port}`, ...headers].join('\r\n');
  await new Promise<void>((resolve) =>
    socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body]), () => resolve()),
  );
  return { socket, answer };
}

const mebibytes = (size: number) => `${Math.round(size)} MiB`;

const excerpt = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}… (${text.length} characters)` : text);
