import { findJson, JsonPathError, parseJsonPath } from '../input/json-path.ts';
import { type Json, MalformedJson, readJson, writeJson } from '../input/json-text.ts';
import { toValue } from '../input/template-values.ts';
import { util } from '../input/util.ts';
import {
  evaluate,
  hostObject,
  JavaException,
  JavaMap,
  parseTemplate,
  type Template,
  toJavaString,
  type Value,
  VelocityError,
} from '../velocity/index.ts';
import type { ContextVariables } from './context-variables.ts';
import { configurationError, type GatewayFailure, invalidJson } from './gateway-failure.ts';
import type { MultiMap } from './multi-map.ts';

/** What a mapping template sees of one request. Kept for both templates, since overrides outlive the first. */
export interface TemplateScope {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: MultiMap;
  readonly headers: MultiMap;
  readonly context: ContextVariables;
  readonly stageVariables: ReadonlyMap<string, string>;
  /** `$context` as templates have seen and changed it; made when the first one asks. */
  templateContext?: JavaMap;
}

/**
 * On AWS `$input.path('$').missing` prints nothing, though Velocity would print the reference itself (recorded);
 * `$missing`, a name alone, prints itself. Null, which `$input.path` answers for what is not there, equals `""` and
 * `$null`, and prints nothing once a variable is set to it (recorded).
 */
const OPTIONS = { silentMisses: true, nullIsEmpty: true };

export type Phase = 'request' | 'response';

/** A mapping template, read once per deployment. */
export interface MappingTemplate {
  render(scope: TemplateScope, bodyText: string): string;
}

/** Never throws: a template that cannot be read fails each request that needs it, as on AWS. */
export function compileTemplate(source: string, phase: Phase): MappingTemplate {
  let template: Template;
  try {
    template = parseTemplate(source);
  } catch (error) {
    const failure = templateFailure(error, phase);
    return {
      render() {
        throw failure;
      },
    };
  }
  const usesContext = source.includes('context');
  const usesStageVariables = source.includes('stageVariables');
  return {
    render(scope, bodyText) {
      const variables: Record<string, Value> = { input: inputObject(scope, bodyText, phase), util };
      if (usesContext) variables.context = contextObject(scope);
      if (usesStageVariables) variables.stageVariables = new JavaMap(() => scope.stageVariables);
      try {
        return evaluate(template, variables, OPTIONS).output;
      } catch (error) {
        throw templateFailure(error, phase);
      }
    },
  };
}

function templateFailure(error: unknown, phase: Phase): unknown {
  if (!(error instanceof VelocityError)) return error;
  const place = `line ${error.line}, column ${error.column}`;
  return configurationError(`Unable to transform ${phase}: ${error.message} (template ${place})`);
}

function inputObject(scope: TemplateScope, bodyText: string, phase: Phase): Value {
  let parsed: { readonly json: Json } | undefined;
  const find = (path: Value | undefined): Json | undefined => {
    parsed ??= { json: readBody(bodyText, phase) };
    return findOrThrow(parsed.json, path === undefined ? '$' : toJavaString(path));
  };
  return hostObject({
    className: 'com.amazonaws.services.apigateway.Input',
    properties: { body: bodyText === '' ? '{}' : bodyText },
    methods: {
      json: (args) => (args.length > 1 ? undefined : writeJson(find(args[0]) ?? '')),
      path: (args) => (args.length === 1 ? toValue(find(args[0]) ?? null) : undefined),
      params(args) {
        if (args.length === 0) return allParameters(scope);
        return args.length === 1 ? parameter(scope, toJavaString(args[0] as Value)) : undefined;
      },
    },
  });
}

function readBody(bodyText: string, phase: Phase): Json {
  try {
    return readJson(bodyText);
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error;
    const failure: GatewayFailure =
      phase === 'request' ? invalidJson() : configurationError(`Unable to transform response: ${error.message}`);
    throw failure;
  }
}

function findOrThrow(json: Json, path: string): Json | undefined {
  try {
    return findJson(json, parseJsonPath(path));
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new JavaException('com.jayway.jsonpath.InvalidPathException', error.message);
  }
}

/** Path first, then query string, then header; the empty string when there is none. */
function parameter({ pathParameters, query, headers }: TemplateScope, name: string): string {
  const path = Object.hasOwn(pathParameters, name) ? pathParameters[name] : undefined;
  return path ?? query.last(name) ?? headers.last(name) ?? '';
}

function allParameters({ pathParameters, query, headers }: TemplateScope): Value {
  return new JavaMap(() => [
    ['path', new JavaMap(() => Object.entries(pathParameters))],
    ['querystring', new JavaMap(() => query.lasts())],
    ['header', new JavaMap(() => headers.lasts())],
  ]);
}

function contextObject(scope: TemplateScope): JavaMap {
  const context = (toValue(scope.context as unknown as Json) as JavaMap) ?? new JavaMap();
  const overrides = scope.templateContext;
  for (const name of ['requestOverride', 'responseOverride']) {
    context.put(name, overrides?.get(name) ?? makeOverride(name));
  }
  scope.templateContext = context;
  return context;
}

function makeOverride(name: string): JavaMap {
  const parts = name === 'requestOverride' ? ['header', 'querystring', 'path'] : ['header'];
  return new JavaMap(() => parts.map((part) => [part, new JavaMap()] as const));
}

/** The entries that templates have put into `$context.<override>.<part>`, as text. */
export function overridden(
  scope: TemplateScope,
  override: 'requestOverride' | 'responseOverride',
  part: 'header' | 'querystring' | 'path',
): [string, string][] {
  const map = (scope.templateContext?.get(override) as JavaMap | undefined)?.get(part);
  if (!(map instanceof JavaMap)) return [];
  return [...map.entries()].map(([name, value]) => [toJavaString(name), value === null ? '' : toJavaString(value)]);
}

/** `$context.responseOverride.status`; anything but an integer from 100 to 599 is ignored (recorded). */
export function overriddenStatus(scope: TemplateScope): number | undefined {
  const override = scope.templateContext?.get('responseOverride');
  const value = override instanceof JavaMap ? override.get('status') : null;
  if (value === null || typeof value === 'string') return undefined;
  const status = Number(toJavaString(value));
  return Number.isInteger(status) && status >= 100 && status < 600 ? status : undefined;
}
