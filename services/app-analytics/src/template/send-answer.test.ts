import { expect, test } from 'vitest';
import type { CustomResourceResponse } from './custom-resource.ts';
import { sendAnswer } from './send-answer.ts';

const URL = 'https://cloudformation-custom-resource-response.example/presigned?Signature=s';
const RESPONSE: CustomResourceResponse = {
  Status: 'SUCCESS',
  PhysicalResourceId: 'p',
  StackId: 's',
  RequestId: 'r',
  LogicalResourceId: 'l',
};

/** Answers with these statuses, one after the other; 0 is a connection that breaks. */
function place(...statuses: readonly number[]) {
  const sent: { url: string; init: RequestInit }[] = [];
  const slept: number[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    const status = statuses[sent.length - 1] ?? 500;
    if (status === 0) throw new TypeError('fetch failed');
    return new Response(null, { status });
  };
  const sleep = async (ms: number) => void slept.push(ms);
  return { sent, slept, sending: { fetch, sleep } };
}

test('the answer is put as bytes, without the content type that was not signed', async () => {
  const { sent, sending } = place(200);
  await sendAnswer(URL, RESPONSE, sending);
  const [{ url, init } = { url: '', init: {} }] = sent;
  expect([sent.length, url, init.method]).toEqual([1, URL, 'PUT']);
  const request = new Request(url, init);
  expect(request.headers.has('content-type')).toBe(false);
  expect(await request.json()).toEqual(RESPONSE);
});

test('it is put again when the connection breaks or S3 has no time', async () => {
  const { sent, slept, sending } = place(0, 503, 200);
  await sendAnswer(URL, RESPONSE, sending);
  expect([sent.length, slept]).toEqual([3, [1_000, 4_000]]);
});

test('when it cannot be put the function fails, so that Lambda runs it again', async () => {
  const { sent, sending } = place(403, 403, 403);
  await expect(sendAnswer(URL, RESPONSE, sending)).rejects.toThrow(
    "CloudFormation's answer could not be put: HTTP 403",
  );
  expect(sent.length).toBe(3);
});
