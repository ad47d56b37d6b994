import { isJsonNumber, type Json, type JsonNumber } from '../input/json-text.ts';

/** JSON types as the validator calls them. A number written with a fraction or an exponent is no integer. */
export type JsonType = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string';

export type JsonObject = { readonly [key: string]: Json };

export function typeOf(value: Json): JsonType {
  if (value === null) return 'null';
  if (typeof value === 'string' || typeof value === 'boolean') return typeof value as 'string' | 'boolean';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  if (isJsonNumber(value)) return /[.eE]/.test(value.rawJSON) ? 'number' : 'integer';
  return Array.isArray(value) ? 'array' : 'object';
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  value !== undefined && typeOf(value) === 'object';

export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value;
  return isJsonNumber(value) ? Number((value as JsonNumber).rawJSON) : undefined;
}

/** The same text for equal values: members sorted, numbers by their value. */
export function canonical(value: Json): string {
  const number = numberOf(value);
  if (number !== undefined) return String(number);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`).join(',')}}`;
}

/** Whether a number is a whole multiple, in decimal arithmetic: 0.3 is one of 0.1. */
export function isMultiple(value: number, divisor: number): boolean {
  const [a, b] = [decimalOf(value), decimalOf(divisor)];
  if (a === undefined || b === undefined || b.digits === 0n) return false;
  const exponent = Math.min(a.exponent, b.exponent);
  const scaled = ({ digits, exponent: own }: Decimal) => digits * 10n ** BigInt(own - exponent);
  return scaled(a) % scaled(b) === 0n;
}

interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

function decimalOf(value: number): Decimal | undefined {
  const [, whole = '', fraction = '', power = '0'] = /^(-?\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (whole === '') return undefined;
  return { digits: BigInt(whole + fraction), exponent: Number(power) - fraction.length };
}
