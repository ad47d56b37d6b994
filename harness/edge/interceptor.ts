import { Readable } from 'node:stream';
import type { EdgeRequest, EdgeResponse } from './http.ts';
import type { Route } from './route.ts';

/** What an interceptor is told of a request besides the request itself. */
export interface Subject {
  readonly route: Route;
  /** The signing name of the service, also of deployed APIs and OpenSearch domains; undefined where the request says none. */
  readonly service: string | undefined;
  /** The operation, where it can be told without reading the body: `PutRecord`. */
  readonly operation: string | undefined;
}

/**
 * Stands between a request and whoever answers it. It may answer instead, wait before or after `next`, change the
 * answer, or throw `ConnectionReset`: before `next`, nothing has happened; after it, the work is done and its answer
 * lost. Control calls pass none.
 */
export type Interceptor = (
  request: EdgeRequest,
  subject: Subject,
  next: (request: EdgeRequest) => Promise<EdgeResponse>,
) => Promise<EdgeResponse>;

/** Destroys the caller's connection without an answer. Inside, the caller's request fails as a reset one would. */
export class ConnectionReset extends Error {
  override readonly name = 'ConnectionReset';
  readonly code = 'ECONNRESET';

  constructor(message = 'The connection was reset.') {
    super(message);
  }
}

/** Runs `answer` inside the interceptors, the first of them outermost. */
export async function intercept(
  interceptors: readonly Interceptor[],
  request: EdgeRequest,
  subject: Subject,
  answer: (request: EdgeRequest) => Promise<EdgeResponse>,
): Promise<EdgeResponse> {
  let produced: EdgeResponse | undefined;
  const innermost = async (given: EdgeRequest) => {
    produced = await answer(given);
    return produced;
  };
  const chain = interceptors.reduceRight<(given: EdgeRequest) => Promise<EdgeResponse>>(
    (next, interceptor) => (given) => interceptor(given, subject, next),
    innermost,
  );
  try {
    return await chain(request);
  } catch (error) {
    if (produced?.body instanceof Readable) produced.body.destroy();
    throw error;
  }
}
