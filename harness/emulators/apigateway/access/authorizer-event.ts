import type { Exchange } from '../data-plane/exchange.ts';
import { requestEvent } from '../data-plane/request-event.ts';
import type { Authorizer } from '../store/model.ts';
import type { Identity } from './identity.ts';

/** The event that an authorizer's function gets (developer guide, "Input to an API Gateway Lambda authorizer"). */
export function authorizerEvent({ type }: Authorizer, identity: Identity, methodArn: string, exchange: Exchange) {
  if (type === 'TOKEN') {
    const [authorizationToken] = identity.values();
    return { type, authorizationToken, methodArn };
  }
  return { type: 'REQUEST', methodArn, ...requestEvent(exchange) };
}
