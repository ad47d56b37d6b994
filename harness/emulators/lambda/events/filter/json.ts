/** A number as it is spelled: filters hold 300, 300.0 and 3.0e2 to be different. */
export class NumberText {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  get value(): number {
    return Number(this.source);
  }
}

export type Scalar = string | boolean | null | NumberText;
export type Json = Scalar | readonly Json[] | { readonly [name: string]: Json };

/** Parses JSON, keeping the spelling of numbers. Undefined when it is no JSON. */
export function parseSpelled(text: string): Json | undefined {
  const keepSpelling = (_: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, keepSpelling as (key: string, value: unknown) => unknown) as Json;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberText);
}

/** The same scalar, spelled the same. */
export function sameScalar(a: Scalar, b: Scalar): boolean {
  return a instanceof NumberText ? b instanceof NumberText && a.source === b.source : a === b;
}
