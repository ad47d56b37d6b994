import { GetGatewayResponse$, type GetGatewayResponseRequest } from '@aws-sdk/client-api-gateway';
import { checkResponseType, shownGatewayResponse } from './gateway-response-type.ts';
import { operation } from './operation.ts';

export const getGatewayResponse = operation(
  GetGatewayResponse$,
  ({ store }, input: GetGatewayResponseRequest, call) => {
    const type = checkResponseType(input.responseType);
    return shownGatewayResponse(type, store.api(call, input.restApiId).gatewayResponses);
  },
);
