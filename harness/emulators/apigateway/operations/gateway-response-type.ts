import { validationError } from '../errors.ts';
import { GATEWAY_RESPONSE_STATUS, type GatewayResponseType } from '../store/model.ts';

/** The types in the order in which AWS's message lists them. */
const LISTED =
  'REQUEST_TOO_LARGE, RESOURCE_NOT_FOUND, AUTHORIZER_CONFIGURATION_ERROR, MISSING_AUTHENTICATION_TOKEN, ' +
  'BAD_REQUEST_BODY, INVALID_SIGNATURE, INVALID_API_KEY, BAD_REQUEST_PARAMETERS, AUTHORIZER_FAILURE, UNAUTHORIZED, ' +
  'INTEGRATION_TIMEOUT, ACCESS_DENIED, DEFAULT_4XX, DEFAULT_5XX, WAF_FILTERED, QUOTA_EXCEEDED, THROTTLED, ' +
  'API_CONFIGURATION_ERROR, UNSUPPORTED_MEDIA_TYPE, INTEGRATION_FAILURE, EXPIRED_TOKEN';

export function checkResponseType(type: string | undefined): GatewayResponseType {
  if (type === undefined || !Object.hasOwn(GATEWAY_RESPONSE_STATUS, type)) {
    throw validationError([
      `Value '${type}' at 'responseType' failed to satisfy constraint: Member must satisfy enum value set: [${LISTED}]`,
    ]);
  }
  return type as GatewayResponseType;
}
