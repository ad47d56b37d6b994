import { DeleteEndpoint$, type DeleteEndpointRequest, type DeleteEndpointResponse } from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { operation } from './operation.ts';

export const deleteEndpoint = operation(
  DeleteEndpoint$,
  (home, { ApplicationId, EndpointId = '' }: DeleteEndpointRequest): DeleteEndpointResponse => {
    const app = home.app(ApplicationId);
    const endpoint = app.endpoints.get(EndpointId);
    if (!endpoint) throw errors.notFound();
    app.endpoints.delete(EndpointId);
    return { EndpointResponse: endpoint };
  },
);
