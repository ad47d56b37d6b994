import type { GatewayResponseType } from '../store/model.ts';

/** Ends a request with a gateway response. */
export class GatewayFailure extends Error {
  override readonly name = 'GatewayFailure';
  readonly type: GatewayResponseType;
  /** The status, unless the API's gateway response of this type sets another. */
  readonly status: number;
  readonly errorType: string;
  /** What the caller is told; AWS answers some types with null. */
  readonly told: string | null;
  /** What the execution log says after `Execution failed due to `; nothing is said without it. */
  readonly logged: string | undefined;
  /** `$context.error.validationErrorString`: what a body's model has against it. */
  readonly validationError: string | undefined;

  constructor(
    type: GatewayResponseType,
    status: number,
    errorType: string,
    told: string | null,
    logged?: string,
    validationError?: string,
  ) {
    super(told ?? type);
    this.type = type;
    this.status = status;
    this.errorType = errorType;
    this.told = told;
    this.logged = logged;
    this.validationError = validationError;
  }
}

const INTERNAL = 'InternalServerErrorException';

export const missingAuthenticationToken = () =>
  new GatewayFailure(
    'MISSING_AUTHENTICATION_TOKEN',
    403,
    'MissingAuthenticationTokenException',
    'Missing Authentication Token',
  );

export const forbidden = () => new GatewayFailure('ACCESS_DENIED', 403, 'ForbiddenException', 'Forbidden');

/** Mutual TLS: the certificate is not one that the domain name's truststore vouches for. */
export const untrustedClient = () => new GatewayFailure('DEFAULT_4XX', 403, 'ForbiddenException', 'Forbidden');

export const unauthorized = () => new GatewayFailure('UNAUTHORIZED', 401, 'UnauthorizedException', 'Unauthorized');

/** The resource policy, or the authorizer's, does not let the caller in. */
export const accessDenied = (message: string) =>
  new GatewayFailure('ACCESS_DENIED', 403, 'AccessDeniedException', message);

/** What the authorizer answers cannot be used. AWS says so to the log only: the message is null. */
export const authorizerConfigurationError = (logged: string) =>
  new GatewayFailure(
    'AUTHORIZER_CONFIGURATION_ERROR',
    500,
    'AuthorizerConfigurationException',
    null,
    `configuration error: ${logged}`,
  );

/** The authorizer could not be asked. */
export const authorizerFailure = (reason: string) =>
  new GatewayFailure('AUTHORIZER_FAILURE', 500, 'AuthorizerFailureException', null, `an internal error: ${reason}`);

export const invalidApiKey = () => new GatewayFailure('INVALID_API_KEY', 403, 'ForbiddenException', 'Forbidden');

export const throttled = () => new GatewayFailure('THROTTLED', 429, 'TooManyRequestsException', 'Too Many Requests');

export const quotaExceeded = () =>
  new GatewayFailure('QUOTA_EXCEEDED', 429, 'LimitExceededException', 'Limit Exceeded');

export const requestTooLarge = () =>
  new GatewayFailure('REQUEST_TOO_LARGE', 413, 'RequestTooLargeException', 'Request Too Long');

export const requestUriTooLong = () =>
  new GatewayFailure('DEFAULT_4XX', 414, 'BadRequestException', 'Request URI too long');

export const unsupportedMediaType = () =>
  new GatewayFailure('UNSUPPORTED_MEDIA_TYPE', 415, 'BadRequestException', 'Unsupported Media Type');

export const badRequestParameters = (missing: readonly string[]) =>
  new GatewayFailure(
    'BAD_REQUEST_PARAMETERS',
    400,
    'BadRequestException',
    `Missing required request parameters: [${missing.join(', ')}]`,
  );

/** A body that is not of its model. */
export const badRequestBody = (validationError: string) =>
  new GatewayFailure(
    'BAD_REQUEST_BODY',
    400,
    'BadRequestException',
    'Invalid request body',
    undefined,
    validationError,
  );

/** A body that the integration needs to read as JSON and cannot. */
export const invalidJson = () =>
  new GatewayFailure('BAD_REQUEST_BODY', 400, 'BadRequestException', 'Invalid JSON in request body');

export const configurationError = (logged: string) =>
  new GatewayFailure(
    'API_CONFIGURATION_ERROR',
    500,
    INTERNAL,
    'Internal server error',
    `configuration error: ${logged}`,
  );

export const integrationTimeout = () =>
  new GatewayFailure('INTEGRATION_TIMEOUT', 504, INTERNAL, 'Endpoint request timed out', 'a timeout error');

/** The backend could not be reached, or its answer was lost. AWS's table says 504, what is seen is 500. */
export const integrationFailure = (reason: string) =>
  new GatewayFailure('INTEGRATION_FAILURE', 500, INTERNAL, 'Internal server error', `an internal error: ${reason}`);
