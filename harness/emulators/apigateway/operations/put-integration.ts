import { PutIntegration$, type PutIntegrationRequest } from '@aws-sdk/client-api-gateway';
import { refuse, validationError } from '../errors.ts';
import type { Integration, IntegrationType } from '../store/model.ts';
import { integrationShape } from '../store/shapes.ts';
import { findMethod, type MethodAddress } from '../store/store.ts';
import {
  checkContentHandling,
  checkMappings,
  checkPassthrough,
  checkTarget,
  checkTemplates,
  checkTexts,
  checkTimeout,
  keepTemplates,
} from './integration-checks.ts';
import { operation } from './operation.ts';

const TYPES = ['HTTP', 'MOCK', 'AWS_PROXY', 'HTTP_PROXY', 'AWS'];

export const putIntegration = operation(PutIntegration$, ({ store }, input: PutIntegrationRequest, call) => {
  checkTexts(input.requestParameters, input.requestTemplates);
  if (!TYPES.includes(input.type ?? '')) {
    throw validationError([
      `Value '${input.type}' at 'putIntegrationInput.type' failed to satisfy constraint: ` +
        `Member must satisfy enum value set: [${TYPES.join(', ')}]`,
    ]);
  }
  const method = findMethod(store, call, input as MethodAddress);
  const type = input.type as IntegrationType;
  checkTarget(type, input.uri, input.integrationHttpMethod, input.credentials);
  refuse(input.connectionType === 'VPC_LINK' || input.connectionId, 'VPC links (connectionType)');
  refuse(input.cacheKeyParameters, 'caching (cacheKeyParameters)');
  refuse(input.tlsConfig, 'TLS settings of HTTP integrations (tlsConfig)');
  refuse(input.responseTransferMode === 'STREAM', 'response streaming (responseTransferMode)');
  refuse(input.integrationTarget, 'load balancer targets (integrationTarget)');
  checkMappings(input.requestParameters);
  checkTemplates(input.requestTemplates);
  const integration: Integration = {
    type,
    httpMethod: type === 'MOCK' ? undefined : input.integrationHttpMethod,
    uri: type === 'MOCK' ? undefined : input.uri,
    credentials: input.credentials,
    contentHandling: checkContentHandling(input.contentHandling, 'putIntegrationInput.contentHandling'),
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
