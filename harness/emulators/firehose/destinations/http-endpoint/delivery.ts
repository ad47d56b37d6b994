import { createRandom, type Random } from '../../../../clock/index.ts';
import { ids } from '../../../../ledger/index.ts';
import type { Batch } from '../../buffer.ts';
import { type FailedRecord, failRecord } from '../../failed-record.ts';
import { cutRun, type Run, recordsOf } from '../../runs.ts';
import type { Attempt, Delivered, Lost, Stored } from '../destination.ts';
import type { HttpEndpoint } from './configuration.ts';
import { type Post, RESPONSE_TIMEOUT_MS } from './post.ts';
import { dataIdOf, MAX_REQUEST_RECORDS, makeRequest } from './request.ts';
import { type EndpointError, endpointErrors, judgeResponse } from './response.ts';

// https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html, "Error response handling".
const RETRY_INITIAL_MS = 1000;
const RETRY_MAX_MS = 120_000;
const RETRY_JITTER = 0.15;

export interface DeliveryParts {
  /** Read for each attempt: an update may change the endpoint or its access key while a request is tried again. */
  readonly endpoint: () => HttpEndpoint;
  readonly post: Post;
}

/** Sends a batch to the endpoint, in as many requests as its number of records needs. */
export async function deliverToEndpoint(batch: Batch, attempt: Attempt, parts: DeliveryParts): Promise<Delivered> {
  const random = createRandom(batch.id);
  const stored: Stored[] = [];
  const failed: FailedRecord[] = [];
  const lost: Lost[] = [];
  let requestId = batch.id;
  for (const runs of requestsOf(batch.runs)) {
    const { error, attempts } = await send(runs, requestId, random, attempt, parts);
    if (error === undefined) stored.push({ runs, into: [ids.request(requestId)], detail: { requestId, attempts } });
    else if (error.permanent) lost.push({ runs, reason: `${error.code}: ${error.message}` });
    else failed.push(...failAll(runs, error, attempts, attempt.now()));
    requestId = random.uuid();
  }
  return { stored, failed, lost };
}

/** Divides runs so that no part has more records than a request can carry. */
export function* requestsOf(runs: readonly Run[]): Generator<Run[]> {
  let part: Run[] = [];
  let room = MAX_REQUEST_RECORDS;
  for (const run of runs) {
    for (let from = 0; from < run.data.length; ) {
      const to = Math.min(from + room, run.data.length);
      part.push(cutRun(run, from, to));
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield part;
      part = [];
      room = MAX_REQUEST_RECORDS;
    }
  }
  if (part.length > 0) yield part;
}

/** Sends one request until it is taken, or until the pauses between attempts have used up the retry duration. */
async function send(
  runs: readonly Run[],
  requestId: string,
  random: Random,
  attempt: Attempt,
  { endpoint, post }: DeliveryParts,
): Promise<{ readonly error: EndpointError | undefined; readonly attempts: number }> {
  const records = [...recordsOf(runs)];
  const bytes = runs.reduce((sum, run) => sum + run.bytes, 0);
  let pausedMs = 0;
  for (let attempts = 1; ; attempts++) {
    attempt.count('DeliveryToHttpEndpoint.ProcessedRecords', records.length);
    attempt.count('DeliveryToHttpEndpoint.ProcessedBytes', bytes);
    const sentAt = attempt.now();
    const { deliveryStreamArn } = attempt;
    const request = await makeRequest(endpoint(), { requestId, timestamp: sentAt, deliveryStreamArn, records });
    const outcome = await post(request, attempt.signal);
    const error = 'code' in outcome ? outcome : judgeResponse(outcome, requestId);
    if (error === undefined) return { error, attempts };
    if (error === endpointErrors.timeout) {
      // Where the clock stood still it takes note now of how long the endpoint was waited for.
      const left = sentAt + RESPONSE_TIMEOUT_MS - attempt.now();
      if (left > 0) await attempt.lock.sleep(left, attempt.signal);
    }
    attempt.reportError(error.code, error.message);
    // The duration counts from the first failure, without the time spent waiting for responses.
    const leftMs = endpoint().retryMs - pausedMs;
    if (error.permanent || leftMs <= 0) return { error, attempts };
    const pauseMs = Math.min(pauseBefore(attempts, random), leftMs);
    await attempt.lock.sleep(pauseMs, attempt.signal);
    pausedMs += pauseMs;
  }
}

/** The pause before the n-th retry. */
function pauseBefore(retry: number, random: Random): number {
  const jitter = 1 + (random.next() * 2 - 1) * RETRY_JITTER;
  return Math.round(Math.min(RETRY_INITIAL_MS * 2 ** Math.min(retry - 1, 30) * jitter, RETRY_MAX_MS));
}

function failAll(runs: readonly Run[], error: EndpointError, attempts: number, now: number): FailedRecord[] {
  return [...recordsOf(runs)].map((record) =>
    failRecord(record, {
      type: 'http-endpoint-failed',
      attemptsMade: attempts,
      errorCode: error.code,
      errorMessage: error.message,
      attemptEndingTimestamp: now,
      after: { subsequenceNumber: record.kinesis?.subsequenceNumber ?? 0, dataId: dataIdOf(record) },
    }),
  );
}
