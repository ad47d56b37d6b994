import { AwsError } from '../aws-error.ts';
import type { Emulator } from '../emulator.ts';
import type { EdgeRequest, EdgeResponse } from '../http.ts';
import { errorResponse } from './errors.ts';
import { errorSchema, queryError } from './query.ts';

/**
 * An error of a service of JSON whose clients once spoke AWS Query: they find the code that they know in a header, and
 * a client that does not say that it reads it gets 400 for each of its own mistakes
 * (smithy.io/2.0/aws/protocols/aws-query-protocol.html, trait `awsQueryCompatible`).
 */
export function queryCompatibleError(
  emulator: Emulator,
  error: AwsError,
  requestId: string,
  { headers }: EdgeRequest,
): EdgeResponse {
  const { code, status } = queryError(emulator, error);
  const fault = status < 500 ? 'Sender' : 'Receiver';
  const namespace = errorSchema(emulator, error.code) ? emulator.operations[0]?.schema[1] : 'com.amazon.coral.service';
  const shown = fault === 'Receiver' || headers['x-amzn-query-mode'] === 'true' ? status : 400;
  const full = new AwsError(`${namespace}#${error.code}`, error.message, shown, error.members);
  const response = errorResponse('json', full, requestId);
  return {
    ...response,
    headers: {
      ...response.headers,
      'Content-Type': 'application/x-amz-json-1.0',
      'x-amzn-query-error': `${code};${fault}`,
    },
  };
}
