import {
  GetUserEndpoints$,
  type GetUserEndpointsRequest,
  type GetUserEndpointsResponse,
} from '@aws-sdk/client-pinpoint';
import { endpointsOfUser } from '../endpoints/endpoint.ts';
import { errors } from '../errors.ts';
import { operation } from './operation.ts';

export const getUserEndpoints = operation(
  GetUserEndpoints$,
  (home, { ApplicationId, UserId = '' }: GetUserEndpointsRequest): GetUserEndpointsResponse => {
    const endpoints = endpointsOfUser(home.app(ApplicationId), UserId);
    if (endpoints.length === 0) throw errors.notFound();
    return { EndpointsResponse: { Item: endpoints } };
  },
);
