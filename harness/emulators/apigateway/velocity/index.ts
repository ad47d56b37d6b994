import type { ParsedTemplate } from './ast.ts';
import { Budget, type EvaluateOptions } from './budget.ts';
import { parseSource } from './parse-template.ts';
import { Renderer } from './render.ts';
import { RootScope } from './scope.ts';
import { HostObject, JavaChar, JavaList, JavaMap, JavaNumber, type Value } from './values.ts';

export type { EvaluateOptions } from './budget.ts';
export { JavaException, type Position, VelocityError } from './error.ts';
export { type FromJsonOptions, fromJson, fromJsonText } from './json.ts';
export { toJavaString } from './text.ts';
export {
  double,
  type HostMethod,
  HostObject,
  type HostObjectDefinition,
  hostObject,
  int,
  integer,
  JavaChar,
  JavaList,
  JavaMap,
  JavaNumber,
  type ListPrinter,
  type MapPrinter,
  type Value,
} from './values.ts';

/** A template that was read without error. It holds no state; one can be evaluated any number of times. */
export interface Template {
  readonly source: string;
  readonly parsed: ParsedTemplate;
}

/** Reads a template. Throws a VelocityError with line and column where Velocity would refuse it. */
export function parseTemplate(source: string): Template {
  return { source, parsed: parseSource(source) };
}

export interface Evaluation {
  readonly output: string;
  /** The variables as the template leaves them: what it was given and what it `#set`. */
  readonly variables: Readonly<Record<string, Value>>;
}

/**
 * Carries a template out as Apache Velocity 1.7 does. Throws a VelocityError where Velocity would throw (a method that
 * throws, macros too deep) and where a limit of `options` is passed. Values handed in may be changed by the template.
 */
export function evaluate(
  template: Template,
  variables: Readonly<Record<string, Value>>,
  options: EvaluateOptions = {},
): Evaluation {
  const scope = new RootScope(variables);
  const output = new Renderer(new Budget(options), template.parsed.macros).template(template.parsed, scope);
  return {
    output,
    get variables() {
      return Object.fromEntries([...scope.variables].filter((one): one is [string, Value] => isValue(one[1])));
    },
  };
}

function isValue(slot: unknown): slot is Value {
  if (slot === null || typeof slot === 'string' || typeof slot === 'boolean') return true;
  return [JavaNumber, JavaChar, JavaList, JavaMap, HostObject].some((kind) => slot instanceof kind);
}
