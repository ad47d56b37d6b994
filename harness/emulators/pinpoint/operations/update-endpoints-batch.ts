import {
  UpdateEndpointsBatch$,
  type UpdateEndpointsBatchRequest,
  type UpdateEndpointsBatchResponse,
} from '@aws-sdk/client-pinpoint';
import { putEndpoint } from '../endpoints/endpoint.ts';
import { errors } from '../errors.ts';
import { MAX_BATCH_ENDPOINTS } from '../limits.ts';
import { operation, required } from './operation.ts';

export const updateEndpointsBatch = operation(
  UpdateEndpointsBatch$,
  (home, input: UpdateEndpointsBatchRequest, parts, call): UpdateEndpointsBatchResponse => {
    const app = home.app(input.ApplicationId);
    const items = required(input.EndpointBatchRequest?.Item, 'Item');
    if (items.length > MAX_BATCH_ENDPOINTS) {
      throw errors.bad(`A request can have at most ${MAX_BATCH_ENDPOINTS} endpoints`);
    }
    for (const { Id } of items) required(Id, 'Id of every endpoint');
    for (const { Id = '', ...endpoint } of items) putEndpoint(app, Id, endpoint, parts);
    return { MessageBody: { Message: 'Accepted', RequestID: call.requestId } };
  },
);
