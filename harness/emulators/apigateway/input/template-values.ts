import { double, integer, JavaList, JavaMap, JavaNumber, toJavaString, type Value } from '../velocity/index.ts';
import { isJsonNumber, type Json, jsonNumber, writeJson } from './json-text.ts';

/**
 * A list prints JSON in API Gateway, also inside a map that prints Java's way: `{a=1, b=[{"c":5}]}` (recorded). That is
 * how json-smart's lists print, which escape slashes where Jayway's own JSON does not.
 */
const asJson = (list: JavaList): string => writeJson(toJson(list)).replaceAll('/', '\\/');

/** JSON as a template sees it. */
export function toValue(json: Json): Value {
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number') return Number.isSafeInteger(json) ? integer(BigInt(json)) : double(json);
  if (isJsonNumber(json)) {
    return /^-?\d+$/.test(json.rawJSON) ? integer(BigInt(json.rawJSON)) : double(Number(json.rawJSON));
  }
  if (Array.isArray(json)) return new JavaList(json.map(toValue), 'ArrayList', asJson);
  return new JavaMap(Object.entries(json).map(([key, item]) => [key, toValue(item)] as const));
}

/** What a template made of it, as JSON again. */
export function toJson(value: Value): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (value instanceof JavaList) return value.items.map(toJson);
  if (value instanceof JavaMap) {
    return Object.fromEntries([...value.entries()].map(([key, item]) => [textOf(key), toJson(item)]));
  }
  const text = toJavaString(value);
  return value instanceof JavaNumber && /\d$/.test(text) ? jsonNumber(text) : text;
}

const textOf = (key: Value): string => (key === null ? 'null' : toJavaString(key));
