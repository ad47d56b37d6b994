import { PutIntegration$, type PutIntegrationRequest } from '@aws-sdk/client-api-gateway';
import { badRequest, notSupported, refuse, validationError } from '../errors.ts';
import type { Integration, IntegrationType } from '../store/model.ts';
import { integrationShape } from '../store/shapes.ts';
import { findMethod, type MethodAddress } from '../store/store.ts';
import {
  checkAwsTarget,
  checkContentHandling,
  checkMappings,
  checkPassthrough,
  checkTemplates,
  checkTimeout,
  keepTemplates,
} from './integration-checks.ts';
import { operation } from './operation.ts';

const TYPES = ['HTTP', 'MOCK', 'AWS_PROXY', 'HTTP_PROXY', 'AWS'];

export const putIntegration = operation(PutIntegration$, ({ store }, input: PutIntegrationRequest, call) => {
  if (!TYPES.includes(input.type ?? '')) {
    throw validationError([
      `Value '${input.type}' at 'putIntegrationInput.type' failed to satisfy constraint: ` +
        `Member must satisfy enum value set: [${TYPES.join(', ')}]`,
    ]);
  }
  const method = findMethod(store, call, input as MethodAddress);
  checkTarget(input);
  refuse(input.connectionType === 'VPC_LINK' || input.connectionId, 'VPC links (connectionType)');
  refuse(input.cacheKeyParameters, 'caching (cacheKeyParameters)');
  refuse(input.tlsConfig, 'TLS settings of HTTP integrations (tlsConfig)');
  refuse(input.responseTransferMode === 'STREAM', 'response streaming (responseTransferMode)');
  refuse(input.integrationTarget, 'load balancer targets (integrationTarget)');
  checkMappings(input.requestParameters);
  checkTemplates(input.requestTemplates);
  const integration: Integration = {
    type: input.type as IntegrationType,
    httpMethod: input.type === 'MOCK' ? undefined : input.integrationHttpMethod,
    uri: input.uri,
    credentials: input.credentials,
    contentHandling: checkContentHandling(input.contentHandling),
    requestParameters: input.requestParameters,
    requestTemplates: keepTemplates(input.requestTemplates),
    passthroughBehavior: checkPassthrough(input.passthroughBehavior),
    timeoutInMillis: checkTimeout(input.timeoutInMillis),
    cacheNamespace: input.cacheNamespace ?? input.resourceId ?? '',
    responses: new Map(),
  };
  method.integration = integration;
  return integrationShape(integration);
});

function checkTarget({ type, integrationHttpMethod, uri, credentials }: PutIntegrationRequest): void {
  if (type === 'MOCK') return;
  if (type === 'AWS') {
    checkAwsTarget(uri, integrationHttpMethod, credentials);
    return;
  }
  if (!integrationHttpMethod) throw badRequest('Enumeration value for HttpMethod must be non-empty');
  throw notSupported(`${type} integrations (type)`);
}
