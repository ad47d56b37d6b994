import type { Comparison, Expression, Json, Query } from './query.ts';

/** What an expression sees of the message it is evaluated for. */
export interface Scope {
  readonly topic: string;
  readonly payload: Buffer;
  /** The MQTT client that published it. */
  readonly clientId: string | undefined;
  /** ms since the epoch. */
  readonly now: number;
  uuid(): string;
}

/** A value of the SQL; undefined is a value of its own, which JSON cannot show. */
type Value = Json | undefined;

/** Thrown for a message that a query cannot be applied to. */
export class QueryFailure extends Error {
  override readonly name = 'QueryFailure';
}

/**
 * Applies a query to a message whose topic matches.
 *
 * @returns undefined when WHERE does not hold, else what SELECT makes of it
 * @throws QueryFailure
 */
export function applyQuery(query: Query, scope: Scope): Buffer | undefined {
  const evaluate = evaluator(scope);
  if (query.where && truth(evaluate.value(query.where)) !== true) return undefined;
  const [only, ...more] = query.selection;
  // As it is: whatever it holds.
  if (only?.kind === 'all' && more.length === 0) return scope.payload;
  const selected: Record<string, Json> = {};
  for (const item of query.selection) {
    if (item.kind === 'all') {
      const payload = evaluate.payload();
      if (!isObject(payload))
        throw new QueryFailure('SELECT * with further fields needs a payload that is a JSON object.');
      Object.assign(selected, payload);
    } else {
      const value = evaluate.value(item.expression);
      if (value !== undefined) selected[item.name] = value;
    }
  }
  return Buffer.from(JSON.stringify(selected));
}

/** A text with `${expressions}`, as actions have them. */
export type Template = readonly (string | Expression)[];

/** What is undefined stands for nothing. Source: AWS IoT developer guide, "Data types". */
export function fillTemplate(template: Template, scope: Scope): string {
  const evaluate = evaluator(scope);
  return template
    .map((part) => {
      if (typeof part === 'string') return part;
      const value = evaluate.value(part);
      if (value === undefined) return '';
      return typeof value === 'string' ? value : JSON.stringify(value);
    })
    .join('');
}

function evaluator(scope: Scope) {
  let parsed: { readonly value: Value } | undefined;
  const payload = (): Value => {
    parsed ??= { value: parse(scope.payload) };
    return parsed.value;
  };
  const value = (expression: Expression): Value => {
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'path':
        return expression.names.reduce<Value>(
          (at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
          payload(),
        );
      case 'call':
        return call(expression, scope);
      case 'not': {
        const operand = truth(value(expression.operand));
        return operand === undefined ? undefined : !operand;
      }
      case 'logic': {
        const left = truth(value(expression.left));
        const right = truth(value(expression.right));
        if (left === undefined || right === undefined) return undefined;
        return expression.operator === 'AND' ? left && right : left || right;
      }
      case 'compare':
        return compare(expression.operator, value(expression.left), value(expression.right));
    }
  };
  return { payload, value };
}

function call({ name, argument }: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  if (name === 'timestamp') return scope.now;
  if (name === 'newuuid') return scope.uuid();
  // Source: AWS IoT developer guide, "clientid()".
  if (name === 'clientid') return scope.clientId ?? 'n/a';
  return argument === undefined ? scope.topic : scope.topic.split('/')[argument - 1];
}

/** Source: AWS IoT developer guide, "Operators". */
function compare(operator: Comparison, left: Value, right: Value): Value {
  if (left === undefined || right === undefined) return undefined;
  if (operator === '=') return equal(left, right);
  if (operator === '<>') return !equal(left, right);
  const a = decimal(left);
  const b = decimal(right);
  if (a === undefined || b === undefined) return undefined;
  if (operator === '<') return a < b;
  if (operator === '<=') return a <= b;
  return operator === '>' ? a > b : a >= b;
}

function equal(left: Json, right: Json): boolean {
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equal(item, right[index]))
    );
  }
  if (isObject(left) && isObject(right)) {
    const names = Object.keys(left);
    return (
      names.length === Object.keys(right).length &&
      names.every((name) => Object.hasOwn(right, name) && equal(left[name] as Json, right[name] as Json))
    );
  }
  return left === right;
}

/** A text that is a number counts as one. */
function decimal(value: Json): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value)) return undefined;
  return Number(value);
}

/** The texts "true" and "false" count as what they say. */
function truth(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'string' ? value.toLowerCase() : undefined;
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
}

function parse(payload: Buffer): Value {
  try {
    return JSON.parse(payload.toString('utf8')) as Json;
  } catch {
    return undefined;
  }
}

function isObject(value: Value): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
