import type { EdgeRequest } from '../../../edge/http.ts';
import type { ClientCert } from '../domain-names/client-certificate.ts';
import type { Visit } from '../domain-names/visit.ts';
import type { RestApi, Stage } from '../store/model.ts';

/** `$context`, without the overrides. Values that are unknown are the empty string, as AWS prints them. */
export interface ContextVariables {
  readonly accountId: string;
  readonly apiId: string;
  authorizer: Readonly<Record<string, string | number | boolean>>;
  awsEndpointRequestId: string;
  /** Where the request came by a custom domain name. */
  readonly customDomain?: { readonly basePathMatched: string };
  readonly deploymentId: string;
  readonly domainName: string;
  readonly domainPrefix: string;
  error?: { readonly message: string; readonly messageString: string; readonly responseType: string };
  readonly extendedRequestId: string;
  readonly httpMethod: string;
  identity: RequestIdentity;
  readonly path: string;
  readonly protocol: string;
  readonly requestId: string;
  readonly requestTime: string;
  readonly requestTimeEpoch: number;
  resourceId: string;
  resourcePath: string;
  readonly stage: string;
}

/** Who calls. `clientCert` is there where the request came over mutual TLS. */
export type RequestIdentity = Readonly<Record<keyof typeof NO_IDENTITY, string>> & {
  readonly clientCert?: ClientCert | undefined;
};

export interface ContextSource {
  readonly api: RestApi;
  readonly stage: Stage;
  readonly request: EdgeRequest;
  readonly httpMethod: string;
  readonly path: string;
  readonly requestId: string;
  readonly extendedRequestId: string;
  readonly region: string;
  readonly visit: Visit | undefined;
  /** Virtual now, ms. */
  readonly now: number;
}

export function contextVariables(source: ContextSource): ContextVariables {
  const { api, stage, request, visit } = source;
  const domainName = visit?.domainName ?? `${api.id}.execute-api.${source.region}.amazonaws.com`;
  return {
    accountId: api.accountId,
    apiId: api.id,
    authorizer: NO_AUTHORIZER,
    awsEndpointRequestId: '',
    deploymentId: stage.deploymentId,
    ...(visit && { customDomain: { basePathMatched: visit.basePath } }),
    domainName,
    domainPrefix: domainName.split('.', 1)[0] as string,
    extendedRequestId: source.extendedRequestId,
    httpMethod: source.httpMethod,
    identity: {
      ...NO_IDENTITY,
      sourceIp: request.remoteAddress.replace(/^::ffff:/, ''),
      userAgent: request.headers['user-agent'] ?? '',
      ...(visit?.clientCert && { clientCert: visit.clientCert }),
    },
    path: visit?.path ?? `/${stage.stageName}${source.path}`,
    protocol: 'HTTP/1.1',
    requestId: source.requestId,
    requestTime: commonLogTime(source.now),
    requestTimeEpoch: source.now,
    resourceId: '',
    resourcePath: '',
    stage: stage.stageName,
  };
}

const NO_AUTHORIZER = { principalId: '' } as const;
const NO_IDENTITY = {
  accessKey: '',
  accountId: '',
  apiKey: '',
  apiKeyId: '',
  caller: '',
  cognitoAuthenticationProvider: '',
  cognitoAuthenticationType: '',
  cognitoIdentityId: '',
  cognitoIdentityPoolId: '',
  principalOrgId: '',
  sourceIp: '',
  user: '',
  userAgent: '',
  userArn: '',
} as const;

/** `27/Jan/2022:05:48:25 +0000`. */
export function commonLogTime(ms: number): string {
  // Thu, 27 Jan 2022 05:48:25 GMT
  const text = new Date(ms).toUTCString();
  return `${text.slice(5, 7)}/${text.slice(8, 11)}/${text.slice(12, 16)}:${text.slice(17, 25)} +0000`;
}

/** The variable at a dotted path below `$context`, as text; undefined when there is none. */
export function contextText(context: object, path: string): string | undefined {
  let value: unknown = context;
  for (const name of path.split('.')) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
