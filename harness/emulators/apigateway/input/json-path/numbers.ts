import { doubleToString } from '../../velocity/text.ts';
import { isJsonNumber, type Json, jsonNumber } from '../json-text.ts';

export const isNumber = (value: Json): boolean => typeof value === 'number' || isJsonNumber(value);

/** What Java's `toString` prints for a number of a document. */
export function numberText(value: Json): string {
  if (isJsonNumber(value)) return value.rawJSON;
  return Number.isInteger(value) ? String(value) : doubleToString(Number(value));
}

export const toDouble = (value: Json): number => Number(numberText(value));

/** A Double as a number of a document, with the text Java prints; what JSON has not is a text. */
export function fromDouble(value: number): Json {
  return Number.isFinite(value) ? jsonNumber(doubleToString(value)) : doubleToString(value);
}

/** Java's `equals` of two numbers: an Integer is no Double. */
export function sameNumber(left: Json, right: Json): boolean {
  const [one, other] = [numberText(left), numberText(right)];
  return one === other;
}
