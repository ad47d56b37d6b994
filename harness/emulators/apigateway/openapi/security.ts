import type { CreateAuthorizerRequest } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot, Authorizer, Method, RestApi } from '../store/model.ts';
import { isObject, listOf, type OpenApiDocument, objectOf, type PlainObject, textOf } from './document.ts';

const AUTHORIZER = 'x-amazon-apigateway-authorizer';
const AUTH_TYPE = 'x-amazon-apigateway-authtype';
/** The name under which exports have the API key. */
const API_KEY = 'api_key';

/** The authorizers of a definition, also those that no method uses. */
export function authorizersIn(document: OpenApiDocument): Partial<CreateAuthorizerRequest>[] {
  return Object.entries(document.securitySchemes).flatMap(([name, value]) => {
    const scheme = objectOf(value);
    const authorizer = scheme[AUTHORIZER];
    if (!isObject(authorizer)) return [];
    const type = textOf(authorizer.type)?.toUpperCase();
    const header = `method.request.header.${textOf(scheme.name) ?? 'Authorization'}`;
    return {
      name,
      type: type as CreateAuthorizerRequest['type'],
      authType: textOf(scheme[AUTH_TYPE]),
      authorizerUri: textOf(authorizer.authorizerUri),
      authorizerCredentials: textOf(authorizer.authorizerCredentials),
      identitySource: type === 'REQUEST' ? textOf(authorizer.identitySource) : header,
      identityValidationExpression: textOf(authorizer.identityValidationExpression),
      authorizerResultTtlInSeconds:
        authorizer.authorizerResultTtlInSeconds === undefined
          ? undefined
          : Number(authorizer.authorizerResultTtlInSeconds),
      providerARNs: listOf(authorizer.providerARNs).map(String),
    };
  });
}

/** What an operation's `security`, or that of the whole definition, means for its method. */
export function securityOf(document: OpenApiDocument, operation: PlainObject, api: RestApi) {
  const named = listOf(operation.security ?? document.root.security).flatMap((one) => Object.keys(objectOf(one)));
  const schemes = named.map((name) => ({ name, scheme: objectOf(document.securitySchemes[name]) }));
  const authorizer = [...api.authorizers.values()].find(({ name }) => {
    return schemes.some((one) => one.name === name && one.scheme[AUTHORIZER] !== undefined);
  });
  const auth = objectOf(operation['x-amazon-apigateway-auth']);
  const signed = schemes.some(({ scheme }) => textOf(scheme[AUTH_TYPE])?.toLowerCase() === 'awssigv4');
  return {
    authorizationType:
      authorizer !== undefined ? 'CUSTOM' : signed ? 'AWS_IAM' : (textOf(auth.type)?.toUpperCase() ?? 'NONE'),
    authorizerId: authorizer?.id,
    apiKeyRequired: schemes.some(({ scheme }) => isApiKey(scheme)),
  };
}

const isApiKey = (scheme: PlainObject): boolean =>
  scheme[AUTHORIZER] === undefined &&
  scheme.type === 'apiKey' &&
  scheme.in === 'header' &&
  textOf(scheme.name)?.toLowerCase() === 'x-api-key';

/** The `security` of an exported method; undefined where there is none. */
export function securityFor(method: Readonly<Method>, { authorizers }: ApiSnapshot): PlainObject[] | undefined {
  const names = [
    method.authorizerId === undefined ? undefined : authorizers.get(method.authorizerId)?.name,
    method.apiKeyRequired ? API_KEY : undefined,
  ].filter((name) => name !== undefined);
  return names.length === 0 ? undefined : names.map((name) => ({ [name]: [] }));
}

/** The security schemes of an export. `withAuthorizers`: what each authorizer is, beyond the header that it reads. */
export function schemesFor(snapshot: ApiSnapshot, withAuthorizers: boolean): Record<string, PlainObject> {
  const schemes: Record<string, PlainObject> = {};
  for (const authorizer of snapshot.authorizers.values()) {
    schemes[authorizer.name] = authorizerScheme(authorizer, withAuthorizers);
  }
  const methods = [...snapshot.resources.values()].flatMap((resource) => [...resource.methods.values()]);
  if (methods.some((method) => method.apiKeyRequired)) {
    schemes[API_KEY] = { type: 'apiKey', name: 'x-api-key', in: 'header' };
  }
  return schemes;
}

function authorizerScheme(authorizer: Readonly<Authorizer>, withAuthorizer: boolean): PlainObject {
  const { type, identitySource } = authorizer;
  const header = /^method\.request\.header\.([^,]+)$/.exec(identitySource ?? '')?.[1];
  const scheme = { type: 'apiKey', name: header ?? (type === 'TOKEN' ? 'Authorization' : 'Unused'), in: 'header' };
  if (!withAuthorizer) return scheme;
  const extension: Record<string, string | number> = {
    type: type.toLowerCase(),
    authorizerUri: authorizer.authorizerUri,
    authorizerResultTtlInSeconds: authorizer.authorizerResultTtlInSeconds,
  };
  if (authorizer.authorizerCredentials !== undefined) {
    extension.authorizerCredentials = authorizer.authorizerCredentials;
  }
  if (authorizer.identityValidationExpression !== undefined) {
    extension.identityValidationExpression = authorizer.identityValidationExpression;
  }
  if (type === 'REQUEST' && identitySource !== undefined) extension.identitySource = identitySource;
  return { ...scheme, [AUTH_TYPE]: authorizer.authType ?? 'custom', [AUTHORIZER]: extension };
}
