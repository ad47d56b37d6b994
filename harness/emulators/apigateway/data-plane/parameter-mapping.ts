import { findJson, JsonPathError, parseJsonPath } from '../input/json-path.ts';
import { type Json, MalformedJson, readJson } from '../input/json-text.ts';
import { type ContextVariables, contextText } from './context-variables.ts';
import { configurationError, invalidJson } from './gateway-failure.ts';
import type { MultiMap } from './multi-map.ts';

/** A parameter mapping, read once per deployment: where the value goes, and what gives it. */
export interface Mapping {
  readonly location: 'header' | 'querystring' | 'path';
  readonly name: string;
  /** Several values only for `multivaluequerystring`; undefined when there is no value, and nothing is mapped. */
  readonly source: (scope: MappingScope) => string | readonly string[] | undefined;
}

export interface MappingScope {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query: MultiMap;
  readonly headers: MultiMap;
  readonly context: ContextVariables;
  readonly stageVariables: ReadonlyMap<string, string>;
  /** The request's body, or the backend's in a response. */
  readonly bodyText: string;
  /** Headers of the backend's response, names in lower case. */
  readonly backendHeaders?: Readonly<Record<string, string>>;
}

/** Reads `requestParameters` of an integration or `responseParameters` of an integration response. */
export function compileMappings(parameters: Readonly<Record<string, string>> | undefined): Mapping[] {
  return Object.entries(parameters ?? {}).flatMap(([target, source]) => {
    const match = /^(?:integration\.request|method\.response)\.(header|querystring|path)\.(.+)$/.exec(target);
    if (!match) return [];
    return [{ location: match[1] as Mapping['location'], name: match[2] as string, source: compileSource(source) }];
  });
}

function compileSource(source: string): Mapping['source'] {
  if (source.startsWith("'")) {
    const value = source.slice(1, source.endsWith("'") ? -1 : undefined);
    return () => value;
  }
  const [kind = '', rest = ''] = split(source, /^(context|stageVariables|method\.request|integration\.response)\./);
  if (kind === 'context') return (scope) => contextText(scope.context, rest);
  if (kind === 'stageVariables') return (scope) => scope.stageVariables.get(rest);
  const isRequest = kind === 'method.request';
  if (rest === 'body' || /^body[.[]/.test(rest)) return bodySource(rest.slice('body'.length), isRequest);
  const [place = '', name = ''] = split(rest, /^(\w+)\./);
  if (!isRequest) return (scope) => scope.backendHeaders?.[name.toLowerCase()];
  switch (place) {
    case 'path':
      return (scope) => scope.pathParameters[name];
    case 'querystring':
      return (scope) => scope.query.last(name);
    case 'multivaluequerystring':
      return (scope) => (scope.query.has(name) ? scope.query.all(name) : undefined);
    case 'multivalueheader':
      return (scope) => (scope.headers.has(name) ? scope.headers.all(name).join(',') : undefined);
    default:
      return (scope) => scope.headers.last(name);
  }
}

function split(text: string, head: RegExp): [string | undefined, string] {
  const match = head.exec(text);
  return match ? [match[1], text.slice(match[0].length)] : [undefined, text];
}

/** The body itself (an empty one is `{}`), or the value at a JSONPath in it. */
function bodySource(path: string, isRequest: boolean): Mapping['source'] {
  return ({ bodyText }) => {
    const trimmed = bodyText.trim();
    const json = readOrFail(trimmed, isRequest);
    if (path === '') return trimmed === '' ? '{}' : trimmed;
    const found = findOrFail(json, `$${path}`);
    if (found === undefined || found === null) return undefined;
    return typeof found === 'string' ? found : JSON.stringify(found);
  };
}

function readOrFail(text: string, isRequest: boolean): Json {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error;
    throw isRequest
      ? invalidJson()
      : configurationError(`Unable to parse the endpoint response body: ${error.message}`);
  }
}

function findOrFail(json: Json, path: string): Json | undefined {
  try {
    return findJson(json, parseJsonPath(path));
  } catch (error) {
    if (error instanceof JsonPathError) throw configurationError(error.message);
    throw error;
  }
}
