import type { Exchange } from './exchange.ts';
import type { MultiMap } from './multi-map.ts';

/**
 * What a function is told of a request, be it the one that answers it or the one that authorizes it (recorded;
 * developer guide, "Input format of a Lambda function for proxy integration" and "Input to an API Gateway Lambda
 * authorizer").
 */
export function requestEvent(exchange: Exchange) {
  const { context, headers, query, pathParameters, stageVariables, httpMethod } = exchange;
  return {
    resource: context.resourcePath,
    // By a custom domain name it is the path that the client knows.
    path: exchange.visit?.path ?? exchange.path.replace(/^\/+/, '/'),
    httpMethod,
    headers: Object.fromEntries(headers.lasts()),
    multiValueHeaders: allOf(headers),
    queryStringParameters: Object.fromEntries(query.lasts()),
    multiValueQueryStringParameters: allOf(query),
    pathParameters,
    stageVariables: Object.fromEntries(stageVariables),
    requestContext: requestContext(exchange),
  };
}

function requestContext({ context }: Exchange) {
  const { authorizer } = context;
  const isAuthorized = authorizer.principalId !== '' || Object.keys(authorizer).length > 1;
  return {
    accountId: context.accountId,
    apiId: context.apiId,
    ...(isAuthorized ? { authorizer: textsOf(authorizer) } : {}),
    deploymentId: context.deploymentId,
    domainName: context.domainName,
    domainPrefix: context.domainPrefix,
    extendedRequestId: context.extendedRequestId,
    httpMethod: context.httpMethod,
    identity: identityOf(context.identity),
    path: context.path,
    protocol: context.protocol,
    requestId: context.requestId,
    requestTime: context.requestTime,
    requestTimeEpoch: context.requestTimeEpoch,
    resourceId: context.resourceId,
    resourcePath: context.resourcePath,
    stage: context.stage,
  };
}

/** Known only of requests that came with an API key. */
const OF_API_KEYS = new Set(['apiKey', 'apiKeyId']);

function identityOf(identity: Readonly<Record<string, unknown>>) {
  const told = Object.entries(identity).filter(([name, value]) => value !== '' || !OF_API_KEYS.has(name));
  return Object.fromEntries(told.map(([name, value]) => [name, value === '' ? null : value]));
}

/** What an authorizer says of the caller arrives as text, numbers and booleans too. */
function textsOf(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function allOf(map: MultiMap): Record<string, readonly string[]> {
  return Object.fromEntries([...map.lasts()].map(([name]) => [name, map.all(name)]));
}
