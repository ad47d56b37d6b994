import { configurationError } from '../../data-plane/gateway-failure.ts';
import { mediaType } from '../../data-plane/request.ts';
import type { IntegrationResponse } from '../../store/model.ts';
import { JavaPattern } from '../../velocity/regex/index.ts';

/** An integration response with its pattern read. */
export interface Selectable {
  readonly response: Readonly<IntegrationResponse>;
  /** Undefined: the default. */
  readonly pattern: JavaPattern | undefined;
}

/** Steps of the matcher for one value: a function's message may be long, and a pattern slow. */
const MAX_STEPS = 1_000_000;

/** A pattern of Java, which must match the whole value. Throws where Java would not read it. */
export function compilePattern(pattern: string | undefined): JavaPattern | undefined {
  return pattern ? new JavaPattern(pattern) : undefined;
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
    (value === undefined ? undefined : choices.find(({ pattern }) => pattern && matches(pattern, value))) ??
    choices.find(({ pattern }) => pattern === undefined) ??
    choices.find(({ response }) => response.selectionPattern === '.*');
  if (chosen) return chosen;
  throw configurationError(
    'No match for output mapping and no default output mapping configured. ' +
      `Endpoint Response Status Code: ${status}`,
  );
}

function matches(pattern: JavaPattern, value: string): boolean {
  let left = MAX_STEPS;
  return pattern.matches(value, (steps) => {
    left -= steps;
    if (left < 0) throw configurationError('A selection pattern takes too many steps');
  });
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
