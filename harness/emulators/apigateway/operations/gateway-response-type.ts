import type { GatewayResponse as GatewayResponseShape } from '@aws-sdk/client-api-gateway';
import { validationError } from '../errors.ts';
import { GATEWAY_RESPONSE_STATUS, type GatewayResponseType, type RestApi } from '../store/model.ts';
import { gatewayResponseShape } from '../store/shapes.ts';

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

/** As the API shows it: a type without a gateway response of its own shows that of `DEFAULT_4XX` or `DEFAULT_5XX`. */
export function shownGatewayResponse(
  type: GatewayResponseType,
  all: RestApi['gatewayResponses'],
): GatewayResponseShape {
  const own = all.get(type);
  const status = GATEWAY_RESPONSE_STATUS[type];
  if (own || status === undefined) return gatewayResponseShape(type, own);
  const byDefault = all.get(status.startsWith('4') ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  return { ...gatewayResponseShape(type, byDefault), defaultResponse: true };
}
