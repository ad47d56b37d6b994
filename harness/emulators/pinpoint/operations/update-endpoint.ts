import { UpdateEndpoint$, type UpdateEndpointRequest, type UpdateEndpointResponse } from '@aws-sdk/client-pinpoint';
import { putEndpoint } from '../endpoints/endpoint.ts';
import { operation, required } from './operation.ts';

export const updateEndpoint = operation(
  UpdateEndpoint$,
  (
    home,
    { ApplicationId, EndpointId, EndpointRequest }: UpdateEndpointRequest,
    parts,
    call,
  ): UpdateEndpointResponse => {
    const app = home.app(ApplicationId);
    putEndpoint(app, required(EndpointId, 'EndpointId'), EndpointRequest ?? {}, parts);
    return { MessageBody: { Message: 'Accepted', RequestID: call.requestId } };
  },
);
