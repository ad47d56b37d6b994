import type { EmulatorContext } from '../../../edge/emulator.ts';
import type { IntegrationType } from '../store/model.ts';
import { createAwsBackend } from './aws.ts';
import { createCaller } from './call.ts';
import { createCustomIntegration } from './custom/index.ts';
import { createMockIntegration } from './custom/mock.ts';
import { createHttpBackend, HttpConnections } from './http.ts';
import type { Integration } from './integration.ts';
import { createHttpProxy } from './proxy/http.ts';
import { createLambdaProxy } from './proxy/lambda.ts';
import { AWS_REQUEST, HTTP_REQUEST } from './request-headers.ts';

/** The types of integration, side by side. */
export interface Integrations {
  readonly byType: Readonly<Record<IntegrationType, Integration>>;
  /** Closes connections to HTTP backends. */
  close(): void;
}

/**
 * Custom integrations (AWS, HTTP, MOCK) make the backend's request by parameter mappings and a template and the answer
 * by an integration response. Proxies (AWS_PROXY, HTTP_PROXY) pass everything on, both ways.
 */
export function createIntegrations(context: EmulatorContext): Integrations {
  const call = createCaller(context.clock);
  const connections = new HttpConnections();
  const aws = createAwsBackend(context);
  const http = createHttpBackend(connections);
  return {
    byType: {
      AWS: createCustomIntegration(aws, AWS_REQUEST, call),
      HTTP: createCustomIntegration(http, HTTP_REQUEST, call),
      MOCK: createMockIntegration(),
      AWS_PROXY: createLambdaProxy(aws, call),
      HTTP_PROXY: createHttpProxy(http, call),
    },
    close: () => connections.close(),
  };
}
