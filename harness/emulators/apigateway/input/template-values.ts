import { double, int, integer, JavaList, JavaMap, JavaNumber, toJavaString, type Value } from '../velocity/index.ts';
import { INT_MAX } from '../velocity/values.ts';
import { isJsonNumber, type Json, jsonNumber, MAX_DEPTH, writeJson } from './json-text.ts';

/**
 * A list prints JSON in API Gateway, also inside a map that prints Java's way: `{a=1, b=[{"c":5}]}` (recorded). That is
 * how json-smart's lists print, which escape slashes where Jayway's own JSON does not.
 */
const asJson = (list: JavaList): string => writeJson(toJson(list)).replaceAll('/', '\\/');

/** JSON as a template sees it. */
export function toValue(json: Json): Value {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number' && Number.isInteger(json) && Math.abs(json) <= INT_MAX) return int(json + 0);
  if (typeof json === 'number') return Number.isSafeInteger(json) ? integer(BigInt(json)) : double(json);
  if (isJsonNumber(json)) {
    return /^-?\d+$/.test(json.rawJSON) ? integer(BigInt(json.rawJSON)) : double(Number(json.rawJSON));
  }
  if (Array.isArray(json)) return new JavaList(json.map(toValue), 'ArrayList', asJson);
  return new JavaMap(() => entriesOf(json));
}

function* entriesOf(json: { readonly [key: string]: Json }): Iterable<[string, Value]> {
  for (const key of Object.keys(json)) yield [key, toValue(json[key] as Json)];
}

/** Values within one that is made JSON again: lists within lists, many times each, would outgrow any memory. */
const MAX_VALUES = 1_000_000;

/** What a template made of it, as JSON again. Throws RangeError for a value that is too large or too deep. */
export function toJson(value: Value): Json {
  return convert(value, 0, { values: MAX_VALUES });
}

function convert(value: Value, depth: number, room: { values: number }): Json {
  if (--room.values < 0) throw new RangeError('a value is too large to be made JSON');
  if (depth > MAX_DEPTH) throw new RangeError(`a value is nested deeper than ${MAX_DEPTH} levels`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof JavaList) return value.items.map((item) => convert(item, depth + 1, room));
  if (value instanceof JavaMap) {
    return Object.fromEntries([...value.entries()].map(([key, item]) => [textOf(key), convert(item, depth + 1, room)]));
  }
  const text = toJavaString(value);
  return value instanceof JavaNumber && /\d$/.test(text) ? jsonNumber(text) : text;
}

const textOf = (key: Value): string => (key === null ? 'null' : toJavaString(key));
