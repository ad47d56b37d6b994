import { ask } from '../http.ts';

/**
 * LocalStack loads a service at its first call. One harmless call each, all at once, makes the services that every
 * pipeline needs ready in 1 s; one after the other, at first use, they take twice as long.
 */
export async function warmUp(endpoint: string, signal: AbortSignal, kinesis = true): Promise<void> {
  const listStreams = () =>
    ask(endpoint, {
      method: 'POST',
      headers: {
        ...credentials('kinesis'),
        'x-amz-target': 'Kinesis_20131202.ListStreams',
        'content-type': 'application/x-amz-json-1.1',
      },
      body: '{}',
      signal,
    });
  await Promise.allSettled([
    ...(kinesis ? [listStreams()] : []),
    ask(endpoint, {
      method: 'POST',
      headers: { ...credentials('iam'), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=ListRoles&Version=2010-05-08',
      signal,
    }),
    ask(endpoint, { headers: credentials('s3'), signal }),
  ]);
  signal.throwIfAborted();
}

/** LocalStack reads the service and the account from the header and does not look at the signature. */
function credentials(scope: string): Readonly<Record<string, string>> {
  const credential = `test/20260101/us-east-1/${scope}/aws4_request`;
  return { authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=0` };
}
