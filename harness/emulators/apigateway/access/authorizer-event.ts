import type { Exchange } from '../data-plane/exchange.ts';
import type { MultiMap } from '../data-plane/multi-map.ts';
import type { Authorizer } from '../store/model.ts';
import type { Identity } from './identity.ts';

/** The event that an authorizer's function gets (developer guide, "Input to an API Gateway Lambda authorizer"). */
export function authorizerEvent(authorizer: Authorizer, identity: Identity, methodArn: string, exchange: Exchange) {
  if (authorizer.type === 'TOKEN') {
    const [authorizationToken] = identity.values();
    return { type: 'TOKEN', authorizationToken, methodArn };
  }
  const { context, httpMethod, headers, query, pathParameters, stageVariables } = exchange;
  return {
    type: 'REQUEST',
    methodArn,
    resource: context.resourcePath,
    // By a custom domain name it is the path that the client knows.
    path: exchange.visit?.path ?? exchange.path,
    httpMethod,
    headers: Object.fromEntries(headers.lasts()),
    multiValueHeaders: allOf(headers),
    queryStringParameters: Object.fromEntries(query.lasts()),
    multiValueQueryStringParameters: allOf(query),
    pathParameters: { ...pathParameters },
    stageVariables: Object.fromEntries(stageVariables),
    requestContext: {
      resourceId: context.resourceId,
      resourcePath: context.resourcePath,
      httpMethod,
      extendedRequestId: context.extendedRequestId,
      requestTime: context.requestTime,
      path: context.path,
      accountId: context.accountId,
      protocol: context.protocol,
      stage: context.stage,
      domainPrefix: context.domainPrefix,
      requestTimeEpoch: context.requestTimeEpoch,
      requestId: context.requestId,
      identity: Object.fromEntries(Object.entries(context.identity).map(([name, value]) => [name, value || null])),
      domainName: context.domainName,
      deploymentId: context.deploymentId,
      apiId: context.apiId,
    },
  };
}

function allOf(map: MultiMap): Record<string, readonly string[]> {
  return Object.fromEntries([...map.lasts()].map(([name]) => [name, map.all(name)]));
}
