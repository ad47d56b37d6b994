import type { BinaryOperator, Expression, ParsedTemplate } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { takeInteger, takeNumber, takeString, WHITESPACE } from './parse-literal.ts';
import { parseReference } from './parse-reference.ts';
import { parseSource } from './parse-template.ts';

const WORD_CHARACTER = /[a-zA-Z0-9_@]/;

/** From the loosest to the tightest; a word operator must not run on into a longer word. */
const LEVELS: readonly (readonly (readonly [string, BinaryOperator])[])[] = [
  [
    ['||', '||'],
    ['or', '||'],
  ],
  [
    ['&&', '&&'],
    ['and', '&&'],
  ],
  [
    ['==', '=='],
    ['eq', '=='],
    ['!=', '!='],
    ['ne', '!='],
  ],
  [
    ['<=', '<='],
    ['>=', '>='],
    ['<', '<'],
    ['>', '>'],
    ['lt', '<'],
    ['gt', '>'],
    ['le', '<='],
    ['ge', '>='],
  ],
  [
    ['+', '+'],
    ['-', '-'],
  ],
  [
    ['*', '*'],
    ['/', '/'],
    ['%', '%'],
  ],
];

/** An expression as `#set` and `#if` take it, with the whitespace around it. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => parseLevel(cursor, 0));
}

function parseLevel(cursor: Cursor, level: number): Expression {
  const operators = LEVELS[level];
  if (operators === undefined) return parseUnary(cursor);
  let left = parseLevel(cursor, level + 1);
  for (;;) {
    const at = cursor.position();
    const operator = takeOperator(cursor, operators);
    if (operator === undefined) return left;
    const start = cursor.offset;
    const right = parseLevel(cursor, level + 1);
    // In Velocity's syntax tree a binary node begins after its operator; its text shows in messages and in output
    // where `+` joins a string to an expression without value.
    left = { kind: 'binary', operator, left, right, literal: cursor.literal(start), at };
  }
}

function takeOperator(
  cursor: Cursor,
  operators: readonly (readonly [string, BinaryOperator])[],
): BinaryOperator | undefined {
  for (const [written, operator] of operators) {
    if (!cursor.startsWith(written)) continue;
    const following = cursor.source[cursor.offset + written.length] ?? '';
    if (/^[a-z]/.test(written) && WORD_CHARACTER.test(following)) continue;
    if (written === '-' && cursor.peek(/-\.?\d/y) !== undefined) continue; // a number, which cannot follow a value
    cursor.offset += written.length;
    return operator;
  }
  return undefined;
}

function parseUnary(cursor: Cursor): Expression {
  cursor.take(WHITESPACE);
  const start = cursor.offset;
  const not = cursor.startsWith('!') && !cursor.startsWith('!=') ? '!' : cursor.peek(/not(?![a-zA-Z0-9_@])/y);
  if (not === undefined) return parsePrimary(cursor);
  cursor.offset += not.length;
  const operand = cursor.nested(() => parseUnary(cursor));
  return { kind: 'not', operand, literal: cursor.literal(start + not.length) };
}

function parsePrimary(cursor: Cursor): Expression {
  if (!cursor.takeText('(')) return parseValue(cursor, true);
  const start = cursor.offset;
  const inner = parseExpression(cursor);
  const literal = cursor.literal(start);
  if (!cursor.takeText(')')) cursor.failExpecting('")"');
  cursor.take(WHITESPACE);
  return { kind: 'group', inner, literal };
}

/** A value without operators, as methods, lists and maps take it, with the whitespace around it. */
export function parseParameter(cursor: Cursor): Expression {
  return cursor.nested(() => {
    cursor.take(WHITESPACE);
    return parseValue(cursor, true);
  });
}

/** The value itself; `spaced` takes the whitespace after it. */
export function parseValue(cursor: Cursor, spaced: boolean): Expression {
  const value = tryValue(cursor);
  if (value === undefined) return cursor.failExpecting('a value');
  if (spaced) cursor.take(WHITESPACE);
  return value;
}

export function tryValue(cursor: Cursor): Expression | undefined {
  const start = cursor.offset;
  const string = parseString(cursor);
  if (string !== undefined) return string;
  if (cursor.startsWith('[')) return parseRange(cursor) ?? parseList(cursor);
  if (cursor.startsWith('{')) return parseMap(cursor);
  const number = takeNumber(cursor);
  if (number !== undefined) {
    return { kind: 'constant', value: number, literal: cursor.literal(start) };
  }
  const truth = cursor.take(/(?:true|false)(?![a-zA-Z0-9_@])/y);
  if (truth !== undefined) return { kind: 'constant', value: truth === 'true', literal: truth };
  const reference = parseReference(cursor);
  return reference?.kind === 'reference' ? reference : undefined;
}

function parseString(cursor: Cursor): Expression | undefined {
  const start = cursor.offset;
  const string = takeString(cursor);
  if (string === undefined) return undefined;
  const literal = cursor.literal(start);
  if (!string.interpolates) return { kind: 'constant', value: string.text, literal };
  const origin = cursor.position(start + 1);
  // Velocity appends a blank that it takes from the result again; without it a `$` at the end would be an error.
  if (string.text.includes('##')) {
    const template = parseSource(string.text, origin, cursor.depth + 1);
    return { kind: 'interpolated', template, padded: false, literal };
  }
  const template = parseSource(`${string.text} `, origin, cursor.depth + 1);
  const bare = withoutPad(template);
  return { kind: 'interpolated', template: bare ?? template, padded: bare === undefined, literal };
}

/** The template without the blank at its end; undefined where something else has taken it up. */
function withoutPad({ nodes, macros }: ParsedTemplate): ParsedTemplate | undefined {
  const last = nodes.at(-1);
  if (last?.kind !== 'text' || !last.text.endsWith(' ')) return undefined;
  const text = last.text.slice(0, -1);
  return { nodes: [...nodes.slice(0, -1), ...(text === '' ? [] : [{ ...last, text }])], macros };
}

function parseRange(cursor: Cursor): Expression | undefined {
  const start = cursor.offset;
  cursor.offset++;
  const from = rangeEnd(cursor);
  if (from === undefined || !cursor.takeText('..')) {
    cursor.offset = start;
    return undefined;
  }
  const to = rangeEnd(cursor);
  if (to === undefined) return cursor.failExpecting('the end of a range');
  if (!cursor.takeText(']')) cursor.failExpecting('"]"');
  const literal = cursor.literal(start);
  return { kind: 'range', from, to, literal, at: cursor.position(start) };
}

function rangeEnd(cursor: Cursor): Expression | undefined {
  cursor.take(WHITESPACE);
  const start = cursor.offset;
  let end: Expression | undefined;
  if (cursor.next === '$') {
    const reference = parseReference(cursor);
    end = reference?.kind === 'reference' ? reference : undefined;
  } else {
    const number = takeInteger(cursor);
    const literal = cursor.literal(start);
    end = number && { kind: 'constant', value: number, literal };
  }
  cursor.take(WHITESPACE);
  return end;
}

function parseList(cursor: Cursor): Expression {
  const start = cursor.offset;
  cursor.offset++;
  const items: Expression[] = [];
  if (!cursor.startsWith(']')) {
    do items.push(parseParameter(cursor));
    while (cursor.takeText(','));
  }
  if (!cursor.takeText(']')) cursor.failExpecting('"," or "]"');
  return { kind: 'list', items, literal: cursor.literal(start) };
}

function parseMap(cursor: Cursor): Expression {
  const start = cursor.offset;
  cursor.offset++;
  const entries: [Expression, Expression][] = [];
  if (cursor.peek(/[ \t\r\n]*\}/y) === undefined) {
    do {
      const key = parseParameter(cursor);
      if (!cursor.takeText(':')) cursor.failExpecting('":"');
      entries.push([key, parseParameter(cursor)]);
    } while (cursor.takeText(','));
  }
  cursor.take(WHITESPACE);
  if (!cursor.takeText('}')) cursor.failExpecting('"," or "}"');
  return { kind: 'map', entries, literal: cursor.literal(start) };
}
