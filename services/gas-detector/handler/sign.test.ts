import { expect, test } from 'vitest';
import { sign } from './sign.ts';

const EXAMPLE = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const WHEN = { region: 'us-east-1', service: 'service', date: new Date('2015-08-30T12:36:00.000Z') };

/** From AWS's test suite for Signature Version 4. */
test.each([
  ['get-vanilla', 'GET', '', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', 'POST', '', {}, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
])('%s is signed as AWS has it', (_name, method, body, headers, signature) => {
  const url = new URL('https://example.amazonaws.com/');
  expect(sign({ method, url, body, headers }, EXAMPLE, WHEN)).toEqual({
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  });
});

test('a session’s token is signed, and so is what else is given', () => {
  const url = new URL('https://example.amazonaws.com/gasdetect/_create/1');
  const headers = sign(
    { method: 'PUT', url, body: '{}', headers: { 'content-type': 'application/json' } },
    { ...EXAMPLE, sessionToken: 'token' },
    WHEN,
  );
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-amz-security-token': 'token' });
  expect(headers.authorization).toContain('SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,');
});
