import { type AwsTarget, parseIntegrationUri } from '../integrations/aws-uri.ts';
import { compileBinaryTypes, type IsBinary } from '../integrations/content-handling.ts';
import { compilePattern, type Selectable } from '../integrations/custom/response-selection.ts';
import type { ApiSnapshot, Deployment, Integration, Method, Resource } from '../store/model.ts';
import { compileMappings, type Mapping } from './parameter-mapping.ts';
import { Router } from './router.ts';
import { compileTemplate, type MappingTemplate } from './templates.ts';

/** A deployment made ready to serve: everything that can be read beforehand has been. */
export interface Runtime {
  readonly router: Router<MethodRuntime>;
  readonly gatewayResponses: ApiSnapshot['gatewayResponses'];
  /** What was deployed, for what needs no making ready. */
  readonly snapshot: ApiSnapshot;
}

export interface MethodRuntime {
  readonly resource: Readonly<Resource>;
  readonly method: Readonly<Method>;
  /** The key of its settings in a stage. */
  readonly settingsKey: string;
  readonly integration: Readonly<Integration>;
  /** Undefined for what is no service of AWS, and where the URI has variables in it. */
  readonly target: AwsTarget | undefined;
  /** By the API's `binaryMediaTypes`. */
  readonly isBinary: IsBinary;
  readonly requestMappings: readonly Mapping[];
  readonly requestTemplates: ReadonlyMap<string, MappingTemplate>;
  readonly responses: readonly ResponseRuntime[];
}

export interface ResponseRuntime extends Selectable {
  readonly mappings: readonly Mapping[];
  readonly templates: ReadonlyMap<string, MappingTemplate>;
}

const runtimes = new WeakMap<Deployment, Runtime>();

export function runtimeOf(deployment: Deployment): Runtime {
  let runtime = runtimes.get(deployment);
  if (!runtime) {
    runtime = compile(deployment.snapshot);
    runtimes.set(deployment, runtime);
  }
  return runtime;
}

function compile(snapshot: ApiSnapshot): Runtime {
  const router = new Router<MethodRuntime>();
  const isBinary = compileBinaryTypes(snapshot.binaryMediaTypes);
  for (const resource of snapshot.resources.values()) {
    for (const method of resource.methods.values()) {
      if (method.integration)
        router.add(resource.path, method.httpMethod, methodRuntime(resource, method, method.integration, isBinary));
    }
  }
  return { router, gatewayResponses: snapshot.gatewayResponses, snapshot };
}

function methodRuntime(
  resource: Readonly<Resource>,
  method: Method,
  integration: Integration,
  isBinary: IsBinary,
): MethodRuntime {
  const { uri = '' } = integration;
  return {
    resource,
    method,
    settingsKey: `${resource.path === '/' ? '//' : `${resource.path.slice(1)}/`}${method.httpMethod}`,
    integration,
    target: /[{$]/.test(uri) ? undefined : parseIntegrationUri(uri),
    isBinary,
    requestMappings: compileMappings(integration.requestParameters),
    requestTemplates: compileTemplates(integration.requestTemplates, 'request'),
    responses: [...integration.responses.values()].map((response) => ({
      response,
      pattern: compilePattern(response.selectionPattern),
      mappings: compileMappings(response.responseParameters),
      templates: compileTemplates(response.responseTemplates, 'response'),
    })),
  };
}

function compileTemplates(templates: Readonly<Record<string, string>> | undefined, phase: 'request' | 'response') {
  return new Map(Object.entries(templates ?? {}).map(([type, source]) => [type, compileTemplate(source, phase)]));
}
