import { GetGatewayResponses$, type GetGatewayResponsesRequest } from '@aws-sdk/client-api-gateway';
import { GATEWAY_RESPONSE_STATUS, type GatewayResponseType } from '../store/model.ts';
import { shownGatewayResponse } from './gateway-response-type.ts';
import { operation } from './operation.ts';

export const getGatewayResponses = operation(
  GetGatewayResponses$,
  ({ store }, input: GetGatewayResponsesRequest, call) => {
    const set = store.api(call, input.restApiId).gatewayResponses;
    const types = Object.keys(GATEWAY_RESPONSE_STATUS) as GatewayResponseType[];
    return { items: types.map((type) => shownGatewayResponse(type, set)) };
  },
);
