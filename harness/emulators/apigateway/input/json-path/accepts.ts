import type { Work } from '../../velocity/regex/index.ts';
import { type Json, MalformedJson, readJson } from '../json-text.ts';
import { compareDecimals, decimalToInt, decimalToString, parseDecimal } from './decimal.ts';
import { type Context, evaluatePath, isObject } from './evaluate.ts';
import type { FilterExpression, Operand, Operator, Value } from './filter.ts';
import { isNumber, numberText, sameNumber } from './numbers.ts';
import { parsePath } from './parse.ts';
import { withoutEscapes } from './reader.ts';
import { InvalidPath, JsonPathError, PathNotFound } from './tokens.ts';

const WRONG_OPERAND = 'The JSONPath compares what does not go with its operator';

/** Whether a filter lets an element through. */
export function accepts(expression: FilterExpression, item: Json, context: Context): boolean {
  try {
    return isFulfilled(expression, item, context);
  } catch (error) {
    if (error instanceof InvalidPath) return false;
    throw error;
  }
}

function isFulfilled(expression: FilterExpression, item: Json, context: Context): boolean {
  switch (expression.kind) {
    case 'or':
      return expression.operands.some((operand) => isFulfilled(operand, item, context));
    case 'and':
      return expression.operands.every((operand) => isFulfilled(operand, item, context));
    case 'not':
      return !isFulfilled(expression.operand, item, context);
    case 'exists':
      return isThere(expression, item, context) === expression.wanted;
    case 'compare':
      return compare(
        expression.operator,
        valueIn(expression.left, item, context),
        valueIn(expression.right, item, context),
        context,
      );
  }
}

function isThere({ path }: Extract<FilterExpression, { kind: 'exists' }>, item: Json, context: Context): boolean {
  try {
    // Jayway asks the element, also where the path begins with `$`.
    evaluatePath(path, item, { ...context, requireAll: true });
    return true;
  } catch (error) {
    if (error instanceof PathNotFound) return false;
    throw error;
  }
}

function valueIn(operand: Operand, item: Json, context: Context): Value {
  if (operand.kind !== 'path') return operand;
  let found: Json;
  try {
    found = evaluatePath(operand.path, operand.path.fromRoot ? context.root : item, context);
  } catch (error) {
    if (error instanceof PathNotFound) return { kind: 'undefined' };
    throw error;
  }
  if (found === null) return { kind: 'null' };
  if (typeof found === 'string') return { kind: 'string', text: found };
  if (typeof found === 'boolean') return { kind: 'boolean', value: found };
  return isNumber(found) ? numberValue(found) : { kind: 'json', json: found };
}

function numberValue(json: Json): Value {
  const number = parseDecimal(numberText(json));
  if (number === undefined) throw new JsonPathError('The JSONPath compares a number that has too many digits');
  return { kind: 'number', number };
}

function compare(operator: Operator, left: Value, right: Value, context: Context): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case '===':
      return left.kind === right.kind && isEqual(left, right);
    case '!==':
      return !(left.kind === right.kind && isEqual(left, right));
    case '<':
      return order(left, right, (sign) => sign < 0);
    case '<=':
      return order(left, right, (sign) => sign <= 0);
    case '>':
      return order(left, right, (sign) => sign > 0);
    case '>=':
      return order(left, right, (sign) => sign >= 0);
    case '=~':
      return matches(left, right, context);
    default:
      return compareByWord(operator, left, right);
  }
}

function compareByWord(operator: Operator, left: Value, right: Value): boolean {
  switch (operator) {
    case 'IN':
      return isIn(left, right);
    case 'NIN':
      return !isIn(left, right);
    case 'ALL':
      // A list for ALL is one that only Java code can give: JSON is none.
      throw new InvalidPath(WRONG_OPERAND);
    case 'CONTAINS':
      return contains(left, right);
    case 'SIZE':
      return right.kind === 'number' && sizeOf(left) === decimalToInt(right.number);
    case 'EMPTY':
      return isEmpty(left, right);
    case 'SUBSETOF': {
      const [some, all] = listsOf(left, right);
      return some !== undefined && all !== undefined && some.every((item) => holds(all, item));
    }
    case 'ANYOF': {
      const [some, others] = listsOf(left, right);
      return (
        some !== undefined &&
        others !== undefined &&
        some.some((item) => others.some((other) => isEqualItem(item, other)))
      );
    }
    case 'NONEOF': {
      const [some, others] = listsOf(left, right);
      return (
        some !== undefined &&
        others !== undefined &&
        !some.some((item) => others.some((other) => isEqualItem(item, other)))
      );
    }
    case 'EXISTS':
      if (left.kind !== 'boolean' && right.kind !== 'boolean')
        throw new JsonPathError('The JSONPath uses EXISTS without a boolean');
      if (left.kind !== 'boolean' || right.kind !== 'boolean') throw new InvalidPath(WRONG_OPERAND);
      return left.value === right.value;
    default:
      throw new InvalidPath(WRONG_OPERAND); // TYPE and MATCHES take what only Java code can give
  }
}

/** A text equals a number if it reads like it, a number a text if that is one. */
function isEqual(left: Value, right: Value): boolean {
  if (left.kind === 'json' && right.kind === 'json') {
    // A literal on the left is its text to Jayway, which equals no list.
    return left.written === undefined ? sameJson(left.json, right.json) : left === right;
  }
  return isEqualItem(left, right);
}

function isEqualItem(left: Value, right: Value): boolean {
  switch (left.kind) {
    case 'string':
      if (right.kind === 'string') return left.text === right.text;
      return right.kind === 'number' && left.text === decimalToString(right.number);
    case 'number': {
      const other =
        right.kind === 'string' ? parseDecimal(right.text) : right.kind === 'number' ? right.number : undefined;
      return other !== undefined && compareDecimals(left.number, other) === 0;
    }
    case 'boolean':
      return right.kind === 'boolean' && left.value === right.value;
    case 'null':
      return right.kind === 'null';
    case 'json':
      if (right.kind !== 'json') return false;
      if (left.written !== undefined || right.written !== undefined) return left.written === right.written;
      return sameJson(left.json, right.json);
    case 'pattern':
      return left === right;
    case 'undefined':
      return false;
  }
}

function sameJson(left: Json, right: Json): boolean {
  if (isNumber(left) && isNumber(right)) return sameNumber(left, right);
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameJson(item, right[index] as Json));
  }
  if (isObject(left) && isObject(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && sameJson(left[key] as Json, right[key] as Json))
    );
  }
  return left === right;
}

function order(left: Value, right: Value, holdsFor: (sign: number) => boolean): boolean {
  if (left.kind === 'number' && right.kind === 'number') return holdsFor(compareDecimals(left.number, right.number));
  if (left.kind !== 'string' || right.kind !== 'string') return false;
  return holdsFor(left.text < right.text ? -1 : left.text > right.text ? 1 : 0);
}

/** Elements of a list as Jayway takes them: a text that looks like a path, JSON or a quoted text is taken for one. */
function listOf(value: Value): Value[] | undefined {
  if (value.kind !== 'json') throw new InvalidPath(WRONG_OPERAND);
  return Array.isArray(value.json) ? value.json.map(itemValue) : undefined;
}

function listsOf(left: Value, right: Value): [Value[] | undefined, Value[] | undefined] {
  const others = listOf(right);
  return others === undefined ? [undefined, undefined] : [listOf(left), others];
}

function itemValue(item: Json): Value {
  if (item === null) return { kind: 'null' };
  if (typeof item === 'boolean') return { kind: 'boolean', value: item };
  if (isNumber(item)) return numberValue(item);
  if (typeof item !== 'string') throw new JsonPathError('The JSONPath looks into a list of lists or objects');
  const trimmed = item.trim();
  if (/^[@$]/.test(trimmed) && isPath(trimmed)) return { kind: 'undefined' }; // a path equals nothing
  if (/^(?:\[.*\]|\{.*\})$/s.test(trimmed) && trimmed.length > 1) {
    const json = parsed(trimmed);
    if (json !== undefined) return { kind: 'json', json, written: item };
  }
  const quoted = /^'(.*)'$|^"(.*)"$/s.exec(item);
  return { kind: 'string', text: item.length > 1 ? withoutEscapes(quoted?.[1] ?? quoted?.[2] ?? item) : item };
}

function isPath(text: string): boolean {
  try {
    parsePath(text);
    return true;
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    return false;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error;
    return undefined;
  }
}

const holds = (list: readonly Value[], item: Value): boolean => list.some((other) => isEqualItem(item, other));

function isIn(left: Value, right: Value): boolean {
  const list = listOf(right);
  return list !== undefined && holds(list, left);
}

function contains(left: Value, right: Value): boolean {
  if (left.kind === 'string' && right.kind === 'string') return left.text.includes(right.text);
  if (left.kind !== 'json') return false;
  const list = listOf(left);
  return list !== undefined && holds(list, right);
}

function sizeOf(value: Value): number | undefined {
  if (value.kind === 'string') return value.text.length;
  if (value.kind !== 'json') return undefined;
  return Array.isArray(value.json) ? value.json.length : -1;
}

function isEmpty(left: Value, right: Value): boolean {
  if (left.kind !== 'string' && left.kind !== 'json') return false;
  if (left.kind === 'json' && isObject(left.json))
    throw new JsonPathError('The JSONPath asks with EMPTY about an object');
  if (right.kind !== 'boolean') throw new InvalidPath(WRONG_OPERAND);
  if (left.kind === 'string') return (left.text === '') === right.value;
  const size = Array.isArray(left.json) ? left.json.length : 0;
  return (size === 0) === right.value;
}

/** One side is a pattern, which must match all of the other, or of one element of it. */
function matches(left: Value, right: Value, context: Context): boolean {
  if ((left.kind === 'pattern') === (right.kind === 'pattern')) return false;
  const [pattern, other] = left.kind === 'pattern' ? [left, right] : [right, left];
  if (pattern.kind !== 'pattern') return false;
  const work: Work = (steps) => {
    context.budget.visits -= steps;
    if (context.budget.visits < 0) throw new JsonPathError('The JSONPath has a pattern that does not end in time');
  };
  const inputs = other.kind === 'json' && Array.isArray(other.json) ? (listOf(other) ?? []) : [other];
  return inputs.some((input) => pattern.pattern.matches(inputOf(input), work));
}

function inputOf(value: Value): string {
  if (value.kind === 'string') return value.text;
  if (value.kind === 'number') return decimalToString(value.number);
  return value.kind === 'boolean' ? String(value.value) : '';
}
