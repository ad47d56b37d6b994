import { beforeEach, describe, expect, test } from 'vitest';
import type { Via } from '../record.ts';
import { answer } from './answer.ts';
import type { Log } from './log.ts';
import type { ProxyRequest } from './proxy.ts';
import { Refusal } from './refusal.ts';
import type { Seen } from './seen.ts';
import { sign } from './signature.ts';
import type { Put, Receipt, Written } from './stream.ts';
import { takeSigned } from './take-signed.ts';

const NOW = 1_643_262_505_123;
const SECRET = 'the-secret-of-this-year';

/** What was logged, as one text. */
let logged: string;
const log: Log = (...line) => {
  logged += `${JSON.stringify(line)}\n`;
};

let written: Written[];
/** The partition keys. */
let keys: (string | undefined)[];
let marks: Map<string, Receipt | undefined>;
let seen: Seen;
let put: Put;

beforeEach(() => {
  logged = '';
  written = [];
  keys = [];
  marks = new Map();
  seen = {
    async begin(message) {
      const earlier = marks.get(message);
      marks.set(message, earlier);
      return earlier;
    },
    async done(message, receipt) {
      marks.set(message, receipt);
    },
  };
  put = async (record, key) => {
    written.push(record);
    keys.push(key);
    return { SequenceNumber: String(written.length), ShardId: 'shardId-000000000000' };
  };
});

function request(body = '{"event_name":"install"}', sender = 'appsflyer'): ProxyRequest {
  const timestamp = String(Math.floor(NOW / 1000));
  return {
    headers: {
      'Content-Type': 'application/json',
      'X-Signature-Timestamp': timestamp,
      'X-Signature': `sha256=${sign(timestamp, Buffer.from(body), SECRET).toString('hex')}`,
    },
    pathParameters: { sender },
    body,
    isBase64Encoded: false,
    requestContext: { requestId: 'r-1', extendedRequestId: 'x-1', requestTimeEpoch: NOW },
  };
}

/** The same message, with a content type that nobody signed. */
function withType(contentType: string): ProxyRequest {
  const { headers, ...rest } = request();
  return { ...rest, headers: { ...headers, 'Content-Type': contentType } };
}

const take = (asked = request()) =>
  answer(asked, () => takeSigned(asked, { secrets: [SECRET], seen, put, now: () => NOW, log }), log);

const RECEIPT = '{"SequenceNumber":"1","ShardId":"shardId-000000000000"}';

test('what is signed is written, and its receipt is the answer', async () => {
  expect(await take()).toMatchObject({ statusCode: 200, body: RECEIPT });
  expect(written).toEqual([
    {
      sender: 'appsflyer',
      via: 'signed' satisfies Via,
      request_id: 'r-1',
      received_at: NOW,
      event: '{"event_name":"install"}',
    },
  ]);
  expect(keys).toEqual(['x-1']);
});

test('headers may be spelt in any way', async () => {
  const { headers, ...rest } = request();
  const small = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
  const large = Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toUpperCase(), value]));
  expect(await take({ ...rest, headers: small })).toMatchObject({ statusCode: 200, body: RECEIPT });
  expect(await take({ ...rest, headers: large })).toMatchObject({ statusCode: 200, body: RECEIPT });
});

test('a body that the API has put into base64 is taken as it was', async () => {
  const { body, ...rest } = request('{"memo":"상담"}');
  const packed = { ...rest, body: Buffer.from(body ?? '').toString('base64'), isBase64Encoded: true };
  expect(await take(packed)).toMatchObject({ statusCode: 200, body: RECEIPT });
  expect(written[0]?.event).toBe('{"memo":"상담"}');
});

test('the answer waits until it is noted that the message was written', async () => {
  const { promise: noted, resolve: note } = Promise.withResolvers<void>();
  let answered = false;
  seen = { ...seen, done: () => noted };
  const answering = take().finally(() => {
    answered = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([written.length, answered]).toEqual([1, false]);
  note();
  expect(await answering).toMatchObject({ statusCode: 200, body: RECEIPT });
});

describe('sent again', () => {
  test('it is answered as before, and nothing is written', async () => {
    await take();
    expect(await take()).toMatchObject({ statusCode: 200, body: RECEIPT });
    expect(await take(withType('Application/JSON; charset=utf-8'))).toMatchObject({ statusCode: 200, body: RECEIPT });
    expect(written).toHaveLength(1);
  });

  test('it does not use the message up if it came before that, as another sender’s or as another type', async () => {
    await take(request(undefined, 'adbrix'));
    await take(withType('application/x-www-form-urlencoded'));
    expect(await take()).toMatchObject({ statusCode: 200, body: RECEIPT.replace('1', '3') });
    expect(written.map(({ sender, event }) => [sender, event])).toEqual([
      ['adbrix', '{"event_name":"install"}'],
      ['appsflyer', '{"{\\"event_name\\":\\"install\\"}":""}'],
      ['appsflyer', '{"event_name":"install"}'],
    ]);
  });

  test('it is written if it was not written before', async () => {
    const works = put;
    put = async () => {
      throw new Refusal(429, 'Too Many Requests');
    };
    expect(await take()).toMatchObject({ statusCode: 429, body: '{"message":"Too Many Requests"}' });
    put = works;
    expect(await take()).toMatchObject({ statusCode: 200 });
    expect(written).toHaveLength(1);
  });

  test('it is written again if nobody could note that it was', async () => {
    seen = { ...seen, done: async () => Promise.reject(new Error('S3 is away')) };
    expect(await take()).toMatchObject({ statusCode: 200 });
    expect(await take()).toMatchObject({ statusCode: 200 });
    expect(written).toHaveLength(2);
  });
});

test.each([
  ['a wrong signature', { ...request(), body: '{"event_name":"purchase"}' }, 401, 'The signature is wrong.'],
  ['a wrong signature of what is no event', { ...request(), body: '[]' }, 401, 'The signature is wrong.'],
  ['a body that is no event', request('[]'), 400, 'The body must be a JSON object, not empty.'],
  ['no good name', request(undefined, 'Shop'), 400, "A sender's name has 1 to 40 small letters, digits and hyphens."],
])('%s leaves no trace', async (_what, asked, statusCode, message) => {
  expect(await take(asked)).toMatchObject({ statusCode, body: JSON.stringify({ message }) });
  expect([written, [...marks]]).toEqual([[], []]);
});

test('while nobody can say whether it was written, it is not', async () => {
  seen = { ...seen, begin: async () => Promise.reject(new Error('S3 is away')) };
  expect(await take()).toMatchObject({ statusCode: 503, body: '{"message":"Service Unavailable"}' });
  expect(written).toEqual([]);
});

test('what nobody foresaw is 500, and says nothing of it', async () => {
  put = async () => {
    throw new TypeError('undefined is not a function');
  };
  expect(await take()).toEqual({
    statusCode: 500,
    headers: { 'Content-Type': 'application/json' },
    body: '{"message":"Internal server error"}',
  });
  expect(logged).toMatch(
    /^\["error","Not taken",\{"request_id":"r-1",.*"cause":"TypeError: undefined is not a function"\}\]$/m,
  );
});

test('the log names the request and what was wrong, and has nothing of the body', async () => {
  await take(request('{"caller":"0212345678",}'));
  expect(logged).toBe(
    '["warn","Not taken",{"request_id":"r-1","sender":"appsflyer","status":400,"message":"The body is not JSON."}]\n',
  );
});
