import { answer } from './answer.ts';
import { jsonLog } from './log.ts';
import type { ProxyAnswer, ProxyRequest } from './proxy.ts';
import { setting } from './settings.ts';
import { kinesisStream, type Put } from './stream.ts';
import { readRequest } from './take.ts';

let put: Put | undefined;

/**
 * POST /lambda/{sender}: the sender waits until the record is in the stream, and is told when it is not. Nothing is
 * tried again but by the sender.
 */
export async function handler(request: ProxyRequest): Promise<ProxyAnswer> {
  put ??= kinesisStream(setting('STREAM_NAME'));
  const write = put;
  const { extendedRequestId } = request.requestContext;
  return answer(request, async () => write(readRequest(request, 'lambda'), extendedRequestId), jsonLog);
}
