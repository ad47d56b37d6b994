import { double, integer, JavaList, JavaMap, type ListPrinter, type MapPrinter, type Value } from './values.ts';

/** JSON nested deeper than this is refused, before it can exhaust the stack. */
export const MAX_JSON_DEPTH = 1_000;

export interface FromJsonOptions {
  /** What each list prints instead of Java's `[1, 2]`. */
  readonly listPrinter?: ListPrinter;
  /** What each map prints instead of Java's `{a=1}`. */
  readonly mapPrinter?: MapPrinter;
  /** What reading a key gives that is absent or null; null unless given. */
  readonly missing?: Value;
}

/** Marks a number that JSON text wrote with a point or exponent, which Java reads as a Double even when it is whole. */
class Fraction {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/**
 * A parsed JSON value as a template's value: objects become LinkedHashMaps, arrays ArrayLists, whole numbers Integer,
 * Long or BigInteger by size, others Double. A `bigint` counts as a whole number. Throws RangeError when nested deeper
 * than MAX_JSON_DEPTH, TypeError for what JSON has not.
 */
export function fromJson(json: unknown, options: FromJsonOptions = {}): Value {
  return convert(json, options, 0);
}

function convert(json: unknown, options: FromJsonOptions, depth: number): Value {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number')
    return Number.isInteger(json) && !Object.is(json, -0) ? integer(BigInt(json)) : double(json);
  if (typeof json === 'bigint') return integer(json);
  if (json instanceof Fraction) return double(json.value);
  if (depth >= MAX_JSON_DEPTH) throw new RangeError(`JSON is nested deeper than ${MAX_JSON_DEPTH} levels`);
  if (Array.isArray(json)) {
    return new JavaList(
      json.map((item) => convert(item, options, depth + 1)),
      'ArrayList',
      options.listPrinter,
    );
  }
  if (typeof json === 'object') {
    const entries = Object.entries(json).map(([key, item]) => [key, convert(item, options, depth + 1)] as const);
    return new JavaMap(() => entries, options.mapPrinter, options.missing);
  }
  throw new TypeError(`a ${typeof json} is not JSON`);
}

/** JSON text as a template's value. Unlike `fromJson(JSON.parse(text))` it keeps `1.0` a Double and whole numbers exact. */
export function fromJsonText(text: string, options: FromJsonOptions = {}): Value {
  return fromJson(
    JSON.parse(text, (_key, value, context?: { source?: string }) => {
      if (typeof value !== 'number' || context?.source === undefined) return value;
      return /^-?\d+$/.test(context.source) ? BigInt(context.source) : new Fraction(value);
    }),
    options,
  );
}
