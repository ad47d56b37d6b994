import type * as sdk from '@aws-sdk/client-api-gateway';
import { DEFAULT_BURST_LIMIT, DEFAULT_RATE_LIMIT } from '../limits.ts';
import {
  type Deployment,
  GATEWAY_RESPONSE_STATUS,
  type GatewayResponse,
  type GatewayResponseType,
  type Integration,
  type IntegrationResponse,
  type Method,
  type MethodResponse,
  type MethodSettings,
  type Resource,
  type RestApi,
  type Stage,
} from './model.ts';

/** What the API shows of what the store keeps. Members that are unset are left out, as AWS leaves them out. */

export function restApiShape(api: RestApi): sdk.RestApi {
  return present({
    id: api.id,
    name: api.name,
    description: api.description,
    createdDate: api.createdDate,
    version: api.version,
    binaryMediaTypes: api.binaryMediaTypes.size > 0 ? [...api.binaryMediaTypes] : undefined,
    minimumCompressionSize: api.minimumCompressionSize,
    apiKeySource: api.apiKeySource,
    endpointConfiguration: { types: [api.endpointType], ipAddressType: api.ipAddressType },
    tags: api.tags.size > 0 ? Object.fromEntries(api.tags) : undefined,
    disableExecuteApiEndpoint: api.disableExecuteApiEndpoint,
    rootResourceId: api.rootResourceId,
    // AWS shows it escaped, as text inside a JSON string.
    policy: api.policy && JSON.stringify(api.policy).slice(1, -1),
  });
}

/** `embedMethods`: GetResources shows methods in full only with `embed=methods`, else just their names. */
export function resourceShape(resource: Readonly<Resource>, embedMethods = false): sdk.Resource {
  const methods = [...resource.methods.values()].map((method) => [
    method.httpMethod,
    embedMethods ? methodShape(method) : {},
  ]);
  return present({
    id: resource.id,
    parentId: resource.parentId,
    pathPart: resource.pathPart,
    path: resource.path,
    resourceMethods: methods.length > 0 ? Object.fromEntries(methods) : undefined,
  });
}

export function methodShape(method: Method): sdk.Method {
  return present({
    httpMethod: method.httpMethod,
    authorizationType: method.authorizationType,
    authorizerId: method.authorizerId,
    apiKeyRequired: method.apiKeyRequired,
    requestValidatorId: method.requestValidatorId,
    operationName: method.operationName,
    requestParameters: method.requestParameters,
    requestModels: method.requestModels,
    methodResponses: shapesByKey(method.responses, methodResponseShape),
    methodIntegration: method.integration && integrationShape(method.integration),
  });
}

export const methodResponseShape = (response: MethodResponse): sdk.MethodResponse => present({ ...response });

export function integrationShape(integration: Integration): sdk.Integration {
  const { responses, ...rest } = integration;
  const isHttp = integration.type === 'HTTP' || integration.type === 'HTTP_PROXY';
  return present({
    ...rest,
    connectionType: isHttp ? ('INTERNET' as const) : undefined,
    cacheKeyParameters: [],
    integrationResponses: shapesByKey(responses, integrationResponseShape),
  });
}

export const integrationResponseShape = (response: IntegrationResponse): sdk.IntegrationResponse =>
  present({ ...response });

export function deploymentShape(deployment: Deployment, embedSummary = false): sdk.Deployment {
  return present({
    id: deployment.id,
    description: deployment.description,
    createdDate: deployment.createdDate,
    apiSummary: embedSummary ? apiSummary(deployment) : undefined,
  });
}

function apiSummary(deployment: Deployment): NonNullable<sdk.Deployment['apiSummary']> {
  return Object.fromEntries(
    [...deployment.snapshot.resources.values()]
      .filter((resource) => resource.methods.size > 0)
      .map((resource) => [
        resource.path,
        Object.fromEntries(
          [...resource.methods].map(([name, { authorizationType, apiKeyRequired }]) => [
            name,
            { authorizationType, apiKeyRequired },
          ]),
        ),
      ]),
  );
}

export function stageShape(stage: Stage): sdk.Stage {
  return present({
    deploymentId: stage.deploymentId,
    stageName: stage.stageName,
    description: stage.description,
    cacheClusterEnabled: false,
    cacheClusterStatus: 'NOT_AVAILABLE',
    methodSettings: Object.fromEntries([...stage.methodSettings].map(([key, value]) => [key, settingsShape(value)])),
    variables: stage.variables.size > 0 ? Object.fromEntries(stage.variables) : undefined,
    accessLogSettings: stage.accessLogSettings && present({ ...stage.accessLogSettings }),
    tracingEnabled: false,
    tags: stage.tags.size > 0 ? Object.fromEntries(stage.tags) : undefined,
    createdDate: stage.createdDate,
    lastUpdatedDate: stage.lastUpdatedDate,
  });
}

function settingsShape(settings: MethodSettings): sdk.MethodSetting {
  return present({
    metricsEnabled: settings.metricsEnabled,
    loggingLevel: settings.loggingLevel,
    dataTraceEnabled: settings.dataTraceEnabled,
    throttlingBurstLimit: settings.throttlingBurstLimit ?? DEFAULT_BURST_LIMIT,
    throttlingRateLimit: settings.throttlingRateLimit ?? DEFAULT_RATE_LIMIT,
    cachingEnabled: false,
    cacheTtlInSeconds: 300,
    cacheDataEncrypted: false,
    requireAuthorizationForCacheControl: true,
    unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
  });
}

export const DEFAULT_GATEWAY_TEMPLATES = { 'application/json': '{"message":$context.error.messageString}' } as const;

export function gatewayResponseShape(type: GatewayResponseType, set: GatewayResponse | undefined): sdk.GatewayResponse {
  return present({
    responseType: type,
    statusCode: set?.statusCode ?? GATEWAY_RESPONSE_STATUS[type],
    responseParameters: { ...set?.responseParameters },
    responseTemplates: { ...(isEmpty(set?.responseTemplates) ? DEFAULT_GATEWAY_TEMPLATES : set?.responseTemplates) },
    defaultResponse: set === undefined,
  });
}

const isEmpty = (map: object | undefined): boolean => Object.keys(map ?? {}).length === 0;

function shapesByKey<T, S>(map: ReadonlyMap<string, T>, shape: (value: T) => S): Record<string, S> | undefined {
  return map.size === 0 ? undefined : Object.fromEntries([...map].map(([key, value]) => [key, shape(value)]));
}

type Present<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
export function present<T extends object>(shape: T): Present<T> {
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Present<T>;
}
