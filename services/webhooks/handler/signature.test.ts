import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { bodyOf } from './proxy.ts';
import { checkSignature, readSecrets, sign } from './signature.ts';

const NOW = 1_643_262_505_123;
const TIMESTAMP = '1643262505';
const OLD = 'the-secret-of-last-year';
const NEW = 'the-secret-of-this-year';
const BODY = Buffer.from('{"name":"상담"}');

const signed = (members: { timestamp?: string; secret?: string; body?: Uint8Array } = {}) => {
  const { timestamp = TIMESTAMP, secret = NEW, body = BODY } = members;
  return { timestamp, signature: `sha256=${sign(timestamp, body, secret).toString('hex')}`, body };
};
const check = (request: Parameters<typeof checkSignature>[0], now = NOW) => checkSignature(request, [OLD, NEW], now);
const refusal = (message: string) => expect.objectContaining({ status: 401, message });

test('a signature is the HMAC-SHA256 of time stamp, full stop and body', () => {
  // echo -n '1643262505.{}' | openssl dgst -sha256 -hmac secret
  expect(sign(TIMESTAMP, Buffer.from('{}'), 'secret').toString('hex')).toBe(
    createHmac('sha256', 'secret').update('1643262505.{}').digest('hex'),
  );
});

test('that of any active secret is right, in any case of its digits', () => {
  const { signature, ...rest } = signed();
  const hex = signature.slice('sha256='.length);
  expect(check({ ...rest, signature })).toBe(hex);
  expect(check({ ...rest, signature: `sha256=${hex.toUpperCase()}` })).toBe(hex);
  expect(check(signed({ secret: OLD }))).toMatch(/^[0-9a-f]{64}$/);
});

test('bytes are signed, not text: also those that are no UTF-8', () => {
  const body = Uint8Array.of(0x61, 0x3d, 0xbb, 0xf3);
  expect(sign(TIMESTAMP, body, NEW).toString('hex')).toBe(
    createHmac('sha256', NEW)
      .update(Buffer.concat([Buffer.from(`${TIMESTAMP}.`), body]))
      .digest('hex'),
  );
  const arrived = bodyOf({
    headers: null,
    pathParameters: null,
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    requestContext: { requestId: 'r', requestTimeEpoch: NOW },
  });
  expect(check({ ...signed({ body }), body: arrived })).toMatch(/^[0-9a-f]{64}$/);
});

describe('refused is', () => {
  test.each([
    ['no time stamp', { timestamp: undefined }, 'The header X-Signature-Timestamp is missing.'],
    ['no signature', { signature: undefined }, 'The header X-Signature is missing.'],
    ['a date', { timestamp: '2022-01-27' }, 'X-Signature-Timestamp must be a whole number of seconds since 1970.'],
    ['another algorithm', { signature: 'sha1=00' }, 'X-Signature must be sha256= and 64 hexadecimal digits.'],
    ['half a signature', { signature: 'sha256=00' }, 'X-Signature must be sha256= and 64 hexadecimal digits.'],
    [
      'more than a signature',
      { signature: `${signed().signature}00` },
      'X-Signature must be sha256= and 64 hexadecimal digits.',
    ],
    [
      'something before a signature',
      { signature: `x${signed().signature}` },
      'X-Signature must be sha256= and 64 hexadecimal digits.',
    ],
    ['another body', { body: Buffer.from('{}') }, 'The signature is wrong.'],
    ['another time stamp', { timestamp: '1643262506' }, 'The signature is wrong.'],
  ])('%s', (_what, changed, message) => {
    expect(() => check({ ...signed(), ...changed })).toThrow(refusal(message));
  });

  test('a secret that is not active any more', () => {
    expect(() => check(signed({ secret: 'the-secret-before-those' }))).toThrow(refusal('The signature is wrong.'));
  });

  test('what is more than five minutes old, or as far ahead', () => {
    const tooFar = refusal('X-Signature-Timestamp is more than 300 seconds from now.');
    const at = Number(TIMESTAMP) * 1000;
    expect(check(signed(), at + 300_000)).toMatch(/^[0-9a-f]{64}$/);
    expect(check(signed(), at - 300_000)).toMatch(/^[0-9a-f]{64}$/);
    expect(() => check(signed(), at + 300_001)).toThrow(tooFar);
    expect(() => check(signed(), at - 300_001)).toThrow(tooFar);
  });
});

test.each([
  [OLD, [OLD]],
  [`${OLD},${NEW}`, [OLD, NEW]],
  [`${OLD} , ${NEW}`, [OLD, NEW]],
  ['x'.repeat(16), ['x'.repeat(16)]],
])('the secrets of %j are %j', (list, secrets) => {
  expect(readSecrets(list)).toEqual(secrets);
});

test.each([
  '',
  ',',
  `${NEW},`,
  `x,${NEW}`,
  `${NEW},x`,
  `${NEW}, ${'x'.repeat(15)} `,
])('%j has a secret that is too short', (list) => {
  expect(() => readSecrets(list)).toThrow('SIGNING_SECRETS: each secret must have at least 16 characters.');
});
