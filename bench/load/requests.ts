import type { RequestDescription } from './connection.ts';

/** The region the pipelines live in. */
export const REGION = 'ap-northeast-2';

/** The workshop's own body. */
export const SENSOR_READING = '{"value":"30","type":"Tip 3"}';

/** What servers on both sides read of a signature: for which service and account. Neither checks the rest. */
export function signedFor(service: string): string {
  const credential = `test/20260101/${REGION}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
}

/** A call of a service that speaks AWS JSON 1.1. */
export function jsonCall(endpoint: string, service: string, target: string, input: unknown): RequestDescription {
  return {
    method: 'POST',
    url: `${endpoint}/`,
    headers: {
      Authorization: signedFor(service),
      'X-Amz-Date': '20260101T000000Z',
      'X-Amz-Target': target,
      'Content-Type': 'application/x-amz-json-1.1',
    },
    body: JSON.stringify(input),
  };
}

/** A post as any sender makes it. */
export function post(url: string): RequestDescription {
  return { method: 'POST', url, headers: { 'Content-Type': 'application/json' }, body: SENSOR_READING };
}

/** `size` bytes of JSON and a line feed, in base64: one record. */
export function recordData(size: number): string {
  const frame = JSON.stringify({ value: '30', type: 'Tip 3', note: '' });
  return Buffer.from(
    `${JSON.stringify({ value: '30', type: 'Tip 3', note: 'x'.repeat(size - frame.length - 1) })}\n`,
  ).toString('base64');
}
