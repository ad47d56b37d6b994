import type { EdgeRequest } from './http.ts';
import type { Route } from './route.ts';
import { splitTarget } from './route.ts';

/** Calls that wait for something to happen, by their `X-Amz-Target`. Virtual time must not wait for them. */
const TARGETS = new Set([
  'AmazonSQS.ReceiveMessage',
  'AWSStepFunctions.GetActivityTask',
  'Kinesis_20131202.SubscribeToShard',
  'Logs_20140328.StartLiveTail',
]);

/** More than any SQS request has. */
const MAX_FORM_BYTES = 2 * 1024 * 1024;

/** True for a request whose answer may be held back on purpose. SQS's query protocol says so in the body only. */
export async function isLongPoll(request: EdgeRequest, route: Route): Promise<boolean> {
  if (route.kind !== 'service') return false;
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return TARGETS.has(target);
  if (route.service !== 'sqs') return false;
  const { query } = splitTarget(request.target);
  if (query.includes('Action=ReceiveMessage')) return true;
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (!isForm || !(Number(request.headers['content-length']) <= MAX_FORM_BYTES)) return false;
  return (await request.body.bytes()).includes('Action=ReceiveMessage');
}
