import { DeleteGatewayResponse$, type DeleteGatewayResponseRequest } from '@aws-sdk/client-api-gateway';
import { notFound } from '../errors.ts';
import { checkResponseType } from './gateway-response-type.ts';
import { operation } from './operation.ts';

export const deleteGatewayResponse = operation(
  DeleteGatewayResponse$,
  ({ store }, input: DeleteGatewayResponseRequest, call) => {
    const type = checkResponseType(input.responseType);
    if (!store.api(call, input.restApiId).gatewayResponses.delete(type)) {
      throw notFound('Gateway response type not defined on api');
    }
    return {};
  },
);
