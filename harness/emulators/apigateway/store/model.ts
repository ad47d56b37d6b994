/** What the control plane keeps. Operations change it in place; a deployment is a deep copy of part of it. */
export interface RestApi {
  readonly id: string;
  readonly region: string;
  readonly accountId: string;
  readonly rootResourceId: string;
  readonly createdDate: Date;
  name: string;
  description?: string | undefined;
  version?: string | undefined;
  disableExecuteApiEndpoint: boolean;
  endpointType: EndpointType;
  ipAddressType: 'ipv4' | 'dualstack';
  readonly tags: Map<string, string>;
  readonly resources: Map<string, Resource>;
  readonly deployments: Map<string, Deployment>;
  readonly stages: Map<string, Stage>;
  readonly gatewayResponses: Map<GatewayResponseType, GatewayResponse>;
  /** Where API keys are looked for: in `x-api-key`, or in what the authorizer answers. */
  apiKeySource: 'HEADER' | 'AUTHORIZER';
  /** As given: `image/png`, `application/*`. */
  readonly binaryMediaTypes: Set<string>;
  /** Bytes from which on answers are compressed for who takes that; undefined where none are. */
  minimumCompressionSize?: number | undefined;
  /** The resource policy, JSON. */
  policy?: string | undefined;
  /** By name. */
  readonly models: Map<string, Model>;
  readonly requestValidators: Map<string, RequestValidator>;
  readonly authorizers: Map<string, Authorizer>;
}

export interface Model {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  description?: string | undefined;
  /** JSON schema, draft 4. */
  schema?: string | undefined;
}

export interface RequestValidator {
  readonly id: string;
  name: string;
  validateRequestBody: boolean;
  validateRequestParameters: boolean;
}

export interface Authorizer {
  readonly id: string;
  name: string;
  type: 'TOKEN' | 'REQUEST';
  authType?: string | undefined;
  /** `arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{ARN}/invocations`. */
  authorizerUri: string;
  authorizerCredentials?: string | undefined;
  /** `method.request.header.Authorization`, with commas between several. */
  identitySource?: string | undefined;
  identityValidationExpression?: string | undefined;
  /** Seconds; 0 keeps no answer. */
  authorizerResultTtlInSeconds: number;
  /** True where a definition has left the time to live out: it is AWS's own then, and not shown (recorded). */
  hidesTtl?: boolean;
}

export type EndpointType = 'REGIONAL' | 'EDGE';

export interface Resource {
  readonly id: string;
  parentId?: string | undefined;
  pathPart?: string | undefined;
  /** From the root: `/pets/{id}`. */
  path: string;
  readonly methods: Map<string, Method>;
}

export interface Method {
  readonly httpMethod: string;
  operationName?: string | undefined;
  authorizationType: AuthorizationType;
  authorizerId?: string | undefined;
  apiKeyRequired: boolean;
  requestValidatorId?: string | undefined;
  requestParameters?: Record<string, boolean> | undefined;
  requestModels?: Record<string, string> | undefined;
  /** By status code. */
  readonly responses: Map<string, MethodResponse>;
  integration?: Integration | undefined;
}

export interface MethodResponse {
  readonly statusCode: string;
  responseParameters?: Record<string, boolean> | undefined;
  responseModels?: Record<string, string> | undefined;
}

export type AuthorizationType = 'NONE' | 'AWS_IAM' | 'CUSTOM';
export type IntegrationType = 'AWS' | 'AWS_PROXY' | 'HTTP' | 'HTTP_PROXY' | 'MOCK';
export type ContentHandling = 'CONVERT_TO_TEXT' | 'CONVERT_TO_BINARY';
export type PassthroughBehavior = 'WHEN_NO_MATCH' | 'WHEN_NO_TEMPLATES' | 'NEVER';

export interface Integration {
  readonly type: IntegrationType;
  httpMethod?: string | undefined;
  uri?: string | undefined;
  credentials?: string | undefined;
  contentHandling?: ContentHandling | undefined;
  requestParameters?: Record<string, string> | undefined;
  requestTemplates?: Record<string, string> | undefined;
  passthroughBehavior: PassthroughBehavior;
  timeoutInMillis: number;
  cacheNamespace: string;
  /** By status code, in the order in which they were put. */
  readonly responses: Map<string, IntegrationResponse>;
}

export interface IntegrationResponse {
  readonly statusCode: string;
  selectionPattern?: string | undefined;
  responseParameters?: Record<string, string> | undefined;
  responseTemplates?: Record<string, string> | undefined;
  contentHandling?: ContentHandling | undefined;
}

export interface Deployment {
  readonly id: string;
  readonly createdDate: Date;
  description?: string | undefined;
  readonly snapshot: ApiSnapshot;
}

/** What a deployment froze. Nobody changes it. */
export interface ApiSnapshot {
  readonly resources: ReadonlyMap<string, Readonly<Resource>>;
  readonly gatewayResponses: ReadonlyMap<GatewayResponseType, GatewayResponse>;
  readonly apiKeySource: RestApi['apiKeySource'];
  readonly binaryMediaTypes: ReadonlySet<string>;
  readonly minimumCompressionSize?: number | undefined;
  readonly policy?: string | undefined;
  readonly models: ReadonlyMap<string, Readonly<Model>>;
  readonly requestValidators: ReadonlyMap<string, Readonly<RequestValidator>>;
  readonly authorizers: ReadonlyMap<string, Readonly<Authorizer>>;
}

export interface Stage {
  readonly stageName: string;
  readonly createdDate: Date;
  lastUpdatedDate: Date;
  deploymentId: string;
  description?: string | undefined;
  readonly variables: Map<string, string>;
  readonly tags: Map<string, string>;
  /** By `<resource path without its first slash>/<method>`; asterisks in both places are the default of all. */
  readonly methodSettings: Map<string, MethodSettings>;
  accessLogSettings?: { destinationArn?: string | undefined; format?: string | undefined } | undefined;
}

export type LogLevel = 'OFF' | 'ERROR' | 'INFO';

export interface MethodSettings {
  metricsEnabled: boolean;
  loggingLevel?: LogLevel | undefined;
  dataTraceEnabled: boolean;
  /** Requests in the token bucket, and requests a second that come into it. */
  throttlingBurstLimit?: number | undefined;
  throttlingRateLimit?: number | undefined;
}

/** Settings of API Gateway for one account in one region. */
export interface Account {
  cloudwatchRoleArn?: string | undefined;
}

export const GATEWAY_RESPONSE_STATUS = {
  ACCESS_DENIED: '403',
  API_CONFIGURATION_ERROR: '500',
  AUTHORIZER_CONFIGURATION_ERROR: '500',
  AUTHORIZER_FAILURE: '500',
  BAD_REQUEST_BODY: '400',
  BAD_REQUEST_PARAMETERS: '400',
  DEFAULT_4XX: undefined,
  DEFAULT_5XX: undefined,
  EXPIRED_TOKEN: '403',
  INTEGRATION_FAILURE: '504',
  INTEGRATION_TIMEOUT: '504',
  INVALID_API_KEY: '403',
  INVALID_SIGNATURE: '403',
  MISSING_AUTHENTICATION_TOKEN: '403',
  QUOTA_EXCEEDED: '429',
  REQUEST_TOO_LARGE: '413',
  RESOURCE_NOT_FOUND: '404',
  THROTTLED: '429',
  UNAUTHORIZED: '401',
  UNSUPPORTED_MEDIA_TYPE: '415',
  WAF_FILTERED: '403',
} as const;

export type GatewayResponseType = keyof typeof GATEWAY_RESPONSE_STATUS;

/** A gateway response that the user has set. */
export interface GatewayResponse {
  readonly statusCode?: string | undefined;
  readonly responseParameters: Readonly<Record<string, string>>;
  readonly responseTemplates: Readonly<Record<string, string>>;
}
