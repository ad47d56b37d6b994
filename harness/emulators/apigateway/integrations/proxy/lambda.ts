import { configurationError } from '../../data-plane/gateway-failure.ts';
import type { AwsTarget } from '../aws-uri.ts';
import type { Caller } from '../call.ts';
import { errorMessageOf } from '../custom/response.ts';
import { badGateway } from '../failures.ts';
import { type Backend, type BackendRequest, type Integration, textOf } from '../integration.ts';
import { AWS_REQUEST, checkMappedHeaders } from '../request-headers.ts';
import { mapParameters } from '../request-mapping.ts';
import { readProxyAnswer } from './lambda-answer.ts';
import { proxyEvent } from './lambda-event.ts';

const NO_PATH: ReadonlyMap<string, string> = new Map();

/** AWS_PROXY: a Lambda function gets the request as an event of format 1.0 and answers for itself. */
export function createLambdaProxy(backend: Backend<AwsTarget>, call: Caller): Integration {
  return {
    async answer(exchange, method) {
      const { integration, requestMappings } = method;
      // Mappings have no effect but for those that no integration may have (recorded).
      if (requestMappings.length > 0) checkMappedHeaders(mapParameters(exchange, method).header.keys(), AWS_REQUEST);
      if (integration.httpMethod !== 'POST') {
        exchange.log?.error('Lambda invocation failed with status: 403. Lambda request id: ');
        throw configurationError('');
      }
      const request: BackendRequest<AwsTarget> = {
        method: 'POST',
        target: backend.targetOf(method, exchange, NO_PATH),
        headers: {
          'x-amzn-apigateway-api-id': exchange.api.id,
          Accept: 'application/json',
          'User-Agent': `AmazonAPIGateway_${exchange.api.id}`,
          'X-Amzn-Trace-Id': `Root=${exchange.traceRoot}`,
          'Content-Type': 'application/json',
        },
        query: [],
        body: JSON.stringify(proxyEvent(exchange, method.isBinary)),
        hasCredentials: integration.credentials !== undefined,
      };
      const response = await call(backend, request, exchange, integration.timeoutInMillis);
      const payload = textOf(response);
      if (response.headers['x-amz-function-error'] !== undefined) {
        exchange.log?.error(
          `Lambda execution failed with status ${response.status} due to customer function error: ` +
            `${errorMessageOf(payload)}. Lambda request id: ${response.headers['x-amzn-requestid'] ?? ''}`,
        );
        throw badGateway();
      }
      const answer = readProxyAnswer(payload, method.isBinary(exchange.headers.lastOfAnyCase('accept')));
      if (!answer) throw badGateway('configuration error: Malformed Lambda proxy response');
      return answer;
    },
  };
}
