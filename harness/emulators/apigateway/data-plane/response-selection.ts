import type { IntegrationResponse } from '../store/model.ts';
import { configurationError } from './gateway-failure.ts';
import { mediaType } from './request.ts';

/** An integration response with its pattern read. */
export interface Selectable {
  readonly response: Readonly<IntegrationResponse>;
  /** Undefined: the default. */
  readonly pattern: RegExp | undefined;
}

/** Java's pattern, which must match the whole value. `(?i)` and `(?s)` at its beginning become flags. */
export function compilePattern(pattern: string | undefined): RegExp | undefined {
  if (!pattern) return undefined;
  const [, flags = '', rest = pattern] = /^\(\?([is]+)\)(.*)$/s.exec(pattern) ?? [];
  return new RegExp(`^(?:${rest})$`, [...new Set(flags)].join(''));
}

/**
 * The first response whose pattern matches, else the default. `value` is the status code in digits, or a Lambda
 * function's error message; undefined when the function succeeded, which only the default is for.
 */
export function selectResponse<T extends Selectable>(
  choices: readonly T[],
  value: string | undefined,
  status: number,
): T {
  const chosen =
    (value === undefined ? undefined : choices.find(({ pattern }) => pattern?.test(value))) ??
    choices.find(({ pattern }) => pattern === undefined) ??
    choices.find(({ response }) => response.selectionPattern === '.*');
  if (chosen) return chosen;
  throw configurationError(
    'No match for output mapping and no default output mapping configured. ' +
      `Endpoint Response Status Code: ${status}`,
  );
}

/** By the request's Accept, then `application/json`, then the first. Undefined: the body passes unchanged. */
export function chooseResponseTemplate<T>(
  templates: ReadonlyMap<string, T>,
  accept: string | undefined,
): { readonly type: string; readonly template: T } | undefined {
  for (const type of [mediaType(accept ?? ''), 'application/json', ...templates.keys()]) {
    const template = templates.get(type);
    if (template !== undefined) return { type, template };
  }
  return undefined;
}
