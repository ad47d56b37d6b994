import { PutGatewayResponse$, type PutGatewayResponseRequest } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../errors.ts';
import { gatewayResponseShape } from '../store/shapes.ts';
import { checkResponseType } from './gateway-response-type.ts';
import { operation } from './operation.ts';
import { checkStatusCode } from './status-code.ts';

export const putGatewayResponse = operation(
  PutGatewayResponse$,
  ({ store }, input: PutGatewayResponseRequest, call) => {
    const type = checkResponseType(input.responseType);
    const api = store.api(call, input.restApiId);
    if (input.statusCode !== undefined) checkStatusCode(input.statusCode);
    for (const member of ['responseParameters', 'responseTemplates'] as const) {
      if (Object.values(input[member] ?? {}).some((value) => !value)) {
        throw badRequest(`Invalid null or empty value in ${member}`);
      }
    }
    const response = {
      statusCode: input.statusCode,
      responseParameters: input.responseParameters ?? {},
      responseTemplates: input.responseTemplates ?? {},
    };
    api.gatewayResponses.set(type, response);
    return gatewayResponseShape(type, response);
  },
);
