import { GetEndpoint$, type GetEndpointRequest, type GetEndpointResponse } from '@aws-sdk/client-pinpoint';
import { errors } from '../errors.ts';
import { operation } from './operation.ts';

export const getEndpoint = operation(
  GetEndpoint$,
  (home, { ApplicationId, EndpointId = '' }: GetEndpointRequest): GetEndpointResponse => {
    const endpoint = home.app(ApplicationId).endpoints.get(EndpointId);
    if (!endpoint) throw errors.notFound();
    return { EndpointResponse: endpoint };
  },
);
