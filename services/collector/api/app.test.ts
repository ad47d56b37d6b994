import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { DatabaseUnavailable } from '../database.ts';
import type { FoundEvent } from '../event.ts';
import { type AppOptions, createApp } from './app.ts';
import { SendError } from './batcher.ts';
import { readDescription } from './openapi.ts';

const GOOD = '{"event_id":"e","event":"purchase","user_id":"u","parameters":null}';
const JSON_TYPE = { 'content-type': 'application/json' };

let server: Server | undefined;

afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/** The API over real HTTP, with a queue and a database that do as the test says. */
async function api(options: Partial<AppOptions> = {}) {
  const sent: unknown[] = [];
  const lines: [level: string, message: string, fields: Record<string, unknown>][] = [];
  const app = createApp({
    send: async (message) => void sent.push(JSON.parse(message)),
    find: async function* () {
      yield [];
    },
    log: (level, message, fields) => void lines.push([level, message, { ...fields }]),
    description: readDescription(),
    ...options,
  });
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ask = async (
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = JSON_TYPE,
  ) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...(body ? { body } : {}) });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  return { sent, lines, port, ask };
}

const failure = (status: number, reason: string) => ({
  status,
  text: JSON.stringify({ is_success: 'false', reason }),
});

describe('an event that is posted', () => {
  test.each(['/api/collect', '/api/event'])('to %s is stamped and sent, and answered to the letter', async (path) => {
    const { ask, sent, lines } = await api();
    const before = Date.now();
    const { status, text, headers } = await ask('POST', path, GOOD);
    expect([status, text]).toEqual([200, '{"is_success":"true"}']);
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    const [{ event_datetime, ...message }] = sent as [Record<string, unknown>];
    expect(message).toEqual({ event_id: 'e', event: 'purchase', user_id: 'u', parameters: null });
    expect(event_datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000Z$/);
    expect(Date.parse(String(event_datetime))).toBeGreaterThanOrEqual(before);
    expect(lines).toEqual([]);
  });

  test('may be packed, may say its charset, and may begin with a byte order mark', async () => {
    const { ask, sent } = await api();
    await ask('POST', '/api/collect', gzipSync(GOOD), { ...JSON_TYPE, 'content-encoding': 'gzip' });
    await ask('POST', '/api/collect', GOOD, { 'content-type': 'Application/JSON; charset="UTF-8"' });
    await ask('POST', '/api/collect', `\ufeff${GOOD}`);
    expect(sent).toHaveLength(3);
  });

  test('may have exactly 256 KiB', async () => {
    const { ask, sent } = await api();
    expect((await ask('POST', '/api/collect', GOOD.padEnd(262_144))).status).toBe(200);
    expect((await ask('POST', '/api/collect', GOOD.padEnd(262_145))).status).toBe(413);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['no JSON', '{"event_id":', 400, /^The body is not JSON: Unexpected end of JSON input\.$/],
    ['no UTF-8', Buffer.from('{"event_id":"\xff"}', 'latin1'), 400, /^The body is not JSON: it is not UTF-8\.$/],
    ['nothing', undefined, 400, /^The body is empty; it must be JSON\.$/],
    ['a number', '7', 400, /^Not understood: the body must be a JSON object, not a number\.$/],
    ['a field too few', '{"event_id":"e","event":"x"}', 400, /^Not understood: user_id is missing\.$/],
    ['a field too many', GOOD.replace('{', '{"colour":1,'), 400, /^Not understood: colour is not a known field\.$/],
    ['a wrong type', GOOD.replace('"u"', '7'), 400, /^Not understood: user_id must be a string, not a number\.$/],
    ['much too much', 'x'.repeat(3_000_000), 413, /^An event may have at most 262144 bytes \(256 KiB\)\.$/],
  ])('as %s is refused with a reason, one line in the log, and no message', async (_what, body, status, reason) => {
    const { ask, sent, lines } = await api();
    const answer = await ask('POST', '/api/collect', body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ is_success: 'false', reason: expect.stringMatching(reason) });
    expect(sent).toEqual([]);
    expect(lines).toEqual([
      ['warn', 'A request was refused', expect.objectContaining({ method: 'POST', path: '/api/collect', status })],
    ]);
  });

  test('that is small when packed and large when not is too large', async () => {
    const { ask } = await api();
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await ask('POST', '/api/collect', gzipSync(' '.repeat(10_000_000)), headers)).status).toBe(413);
  });

  test('whose message would be larger than the queue takes is refused as too large', async () => {
    const { ask, sent } = await api();
    const parameters = { order_id: '\uffff'.repeat(80_000), currency: 'KRW', price: 1 };
    const body = JSON.stringify({ event_id: 'e', event: 'x', user_id: 'u', parameters });
    expect(Buffer.byteLength(body)).toBeLessThan(262_144);
    expect((await ask('POST', '/api/collect', body)).status).toBe(413);
    expect(sent).toEqual([]);
  });

  test.each([
    [undefined, 'The header Content-Type is missing; it must be application/json.'],
    ['text/plain', 'The Content-Type must be application/json in UTF-8, not text/plain.'],
    ['application/jsonp', 'The Content-Type must be application/json in UTF-8, not application/jsonp.'],
    [
      'application/json; charset=euc-kr',
      'The Content-Type must be application/json in UTF-8, not application/json; charset=euc-kr.',
    ],
  ])('as %s is refused with 415', async (type, reason) => {
    const { ask } = await api();
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    expect(await ask('POST', '/api/collect', Buffer.from(GOOD), headers)).toMatchObject(failure(415, reason));
  });

  test.each([
    ['busy', 503, 'The queue cannot take the event now. It was not accepted; send it again.'],
    [
      'unknown',
      503,
      'The queue cannot be reached. Whether it has the event is not known; send it again, with the same event_id it is stored once.',
    ],
    ['refused', 500, 'The queue refused the event. It was not accepted.'],
  ] as const)('to a queue that is %s is answered with %i, and the log says why', async (kind, status, reason) => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.1:443');
    const { ask, lines } = await api({ send: () => Promise.reject(new SendError(kind, 'ECONNREFUSED', cause)) });
    expect(await ask('POST', '/api/collect', GOOD)).toMatchObject(failure(status, reason));
    expect(lines).toEqual([
      [
        'error',
        'A request was refused',
        expect.objectContaining({
          cause: expect.stringContaining('because of Error: connect ECONNREFUSED 10.0.0.1:443'),
        }),
      ],
    ]);
  });
});

describe('a search', () => {
  const found = (id: string): FoundEvent => ({
    event_id: id,
    event: 'purchase',
    event_datetime: '2022-01-27T05:48:25.123456Z',
    parameters: null,
  });
  const text = (id: string) => JSON.stringify(found(id));

  test.each([
    ['no page', []],
    ['an empty page', [[]]],
    ['one page', [['a', 'b']]],
    ['three pages', [['a', 'b'], ['c'], ['d']]],
  ])('of %s is one JSON array', async (_what, pages: string[][]) => {
    const { ask } = await api({
      async *find() {
        for (const page of pages) yield page.map(found);
      },
    });
    const answer = await ask('GET', '/api/event/u');
    expect(answer.text).toBe(`[${pages.flat().map(text).join(',')}]`);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  test('is for the same user in all three spellings', async () => {
    const asked: string[] = [];
    const { ask } = await api({
      async *find(userId) {
        asked.push(userId);
        yield [];
      },
    });
    const user = '김 하늘/?&%👩‍👧';
    expect((await ask('POST', '/api/search', JSON.stringify({ user_id: user }))).text).toBe('[]');
    expect((await ask('GET', `/api/event?user_id=${encodeURIComponent(user)}`)).text).toBe('[]');
    expect((await ask('GET', `/api/event/${encodeURIComponent(user)}`)).text).toBe('[]');
    expect(asked).toEqual([user, user, user]);
  });

  test.each([
    ['POST', '/api/search', '{}', 'Not understood: user_id is missing.'],
    ['POST', '/api/search', '{"user_id":1}', 'Not understood: user_id must be a string, not a number.'],
    ['POST', '/api/search', '{"user_id":"u","n":1}', 'Not understood: n is not a known field.'],
    ['GET', '/api/event', undefined, 'Not understood: user_id is missing.'],
    ['GET', '/api/event?user_id=', undefined, 'Not understood: user_id must not be empty.'],
    ['GET', '/api/event?user_id=a&user_id=b', undefined, 'Not understood: user_id must be a string, not an array.'],
    ['GET', '/api/event?user_id=a&limit=1', undefined, 'Not understood: limit is not a known field.'],
    ['GET', '/api/event/u%20', undefined, 'Not understood: user_id must not begin or end with white space.'],
  ])('%s %s %s is refused with 400', async (method, path, body, reason) => {
    const { ask } = await api();
    expect(await ask(method, path, body)).toMatchObject(failure(400, reason));
  });

  test('by an address that is no address is refused with 400', async () => {
    const { ask } = await api();
    expect(await ask('GET', '/api/event/%ff')).toMatchObject({ status: 400, text: expect.stringContaining('"false"') });
  });

  test('while the database is away is answered with 503', async () => {
    const { ask, lines } = await api({
      // biome-ignore lint/correctness/useYield: it fails before the first page.
      async *find() {
        throw new DatabaseUnavailable('The database cannot be reached: ECONNREFUSED');
      },
    });
    expect(await ask('GET', '/api/event/u')).toMatchObject(
      failure(503, 'The database cannot be reached. Try again later.'),
    );
    expect(lines).toHaveLength(1);
  });

  test('that fails in the middle is cut off, so that nobody takes a part for the whole', async () => {
    const { ask, lines } = await api({
      async *find() {
        yield [found('a')];
        throw new DatabaseUnavailable('The database cannot be reached: ECONNRESET');
      },
    });
    await expect(ask('GET', '/api/event/u')).rejects.toThrow();
    expect(lines).toHaveLength(1);
  });

  test('whose caller goes away reads no further', async () => {
    let pages = 0;
    const ended = Promise.withResolvers<void>();
    const page = Array.from({ length: 1_000 }, () => ({ ...found('a'), event: 'x'.repeat(255) }));
    const { port, lines } = await api({
      async *find() {
        try {
          for (;;) {
            pages++;
            yield page;
          }
        } finally {
          ended.resolve();
        }
      },
    });
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /api/event/u HTTP/1.1\r\nHost: collector\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    await expect.poll(() => pages).toBeGreaterThan(1);
    socket.destroy();
    await ended.promise;
    expect(lines).toEqual([]);
  });
});

describe('any other request', () => {
  test.each([
    ['GET', '/', 'There is nothing at GET /; /openapi.json says what there is.'],
    ['POST', '/api/collects', 'There is nothing at POST /api/collects; /openapi.json says what there is.'],
  ])('%s %s is answered with 404', async (method, path, reason) => {
    const { ask } = await api();
    expect(await ask(method, path)).toMatchObject(failure(404, reason));
  });

  test.each([
    ['GET', '/api/collect', 'POST'],
    ['DELETE', '/api/event', 'GET, HEAD, POST'],
    ['POST', '/api/event/u', 'GET, HEAD'],
    ['PUT', '/health', 'GET, HEAD'],
  ])('%s %s is answered with 405 and what is possible', async (method, path, allow) => {
    const { ask } = await api();
    const answer = await ask(method, path);
    expect(answer).toMatchObject(failure(405, `${method} is not possible here, only ${allow}.`));
    expect(answer.headers.get('allow')).toBe(allow);
  });

  test('that meets a fault of ours is answered without a stack, which the log has', async () => {
    const { ask, lines } = await api({
      send: () => Promise.reject(new RangeError('of a kind that nobody thought of')),
    });
    expect(await ask('POST', '/api/collect', GOOD)).toMatchObject(
      failure(500, 'Something is wrong with this server; its log says what.'),
    );
    expect(lines[0]?.[2].cause).toMatch(/^RangeError: of a kind that nobody thought of\n {4}at /);
  });

  test('finds the server in good health', async () => {
    const { ask } = await api();
    expect(await ask('GET', '/health')).toMatchObject({ status: 200, text: '{"status":"ok"}' });
  });

  test('finds the description, as JSON and as it is written', async () => {
    const { ask } = await api();
    expect(JSON.parse((await ask('GET', '/openapi.json')).text)).toEqual(readDescription().value);
    const yaml = await ask('GET', '/openapi.yaml');
    expect(yaml.text).toBe(readDescription().source);
    expect(yaml.headers.get('content-type')).toBe('application/yaml; charset=utf-8');
  });
});
