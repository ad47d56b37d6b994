import { expect, test } from 'vitest';
import { presign } from './sigv4.ts';

const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

test("signs AWS's own example as AWS does", () => {
  // Amazon S3 API reference, "Authenticating Requests: Using Query Parameters", the presigned URL of test.txt.
  const signed = presign('https://examplebucket.s3.amazonaws.com/test.txt', {
    region: 'us-east-1',
    service: 's3',
    credentials: CREDENTIALS,
    at: new Date('2013-05-24T00:00:00Z'),
    expires: 86_400,
    payloadHash: 'UNSIGNED-PAYLOAD',
  });
  expect(signed).toBe(
    'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  );
});

test('adds a session token after signing, as AWS IoT wants it', () => {
  const options = { region: 'r', service: 'iotdevicegateway', at: new Date(0), expires: 300 };
  const plain = presign('wss://h:8443/mqtt', { ...options, credentials: CREDENTIALS });
  const withToken = presign('wss://h:8443/mqtt', {
    ...options,
    credentials: { ...CREDENTIALS, sessionToken: 'a/b+c' },
  });
  expect(withToken).toBe(`${plain}&X-Amz-Security-Token=a%2Fb%2Bc`);
});
