import type { Expression, PathStep, ReferenceNode, TextNode } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseParameter } from './parse-expression.ts';
import { takeInteger, WHITESPACE } from './parse-literal.ts';

const DOLLARS = /(?:\\*\$(?:\\*!)?)+/y;
const SET = /[ \t]*#(?:set|\{set\}) *\(/y;
const IDENTIFIER = /[a-zA-Z_][a-zA-Z0-9_-]*/y;

/**
 * What begins with `$` here, backslashes before it included: a reference; or a text node, where the `$` begins none.
 * Undefined, without moving, if there is no `$`.
 */
export function parseReference(cursor: Cursor): ReferenceNode | TextNode | undefined {
  const start = cursor.offset;
  const dollars = cursor.take(DOLLARS);
  if (dollars === undefined) return undefined;
  const bracketed = cursor.peek(/\{(?=[a-zA-Z_])/y) !== undefined;
  if (bracketed) cursor.offset++;
  const name = cursor.take(IDENTIFIER);
  if (name === undefined) return noReference(cursor, dollars, start);
  if (name === 'true' || name === 'false') cursor.fail(`"${name}" cannot be the name of a reference`, start);
  const path = parsePath(cursor);
  if (bracketed && !cursor.takeText('}')) cursor.failExpecting('"}"');
  return describe(cursor, start, dollars, bracketed, name, path);
}

/** The text Velocity leaves of a `$` that begins no reference: a `!` and backslashes that precede no `$` are lost. */
function noReference(cursor: Cursor, dollars: string, start: number): TextNode {
  if (cursor.atEnd) cursor.fail('A "$" ends the template', start);
  if (cursor.peek(SET) !== undefined) return { kind: 'text', text: '' }; // in Velocity one token with the #set
  if (cursor.startsWith('#[[')) {
    // One token with the block, whose first three characters are taken for `#[[`.
    const end = cursor.source.indexOf(']]#', cursor.offset);
    if (end === -1) cursor.fail('"#[[" is not closed by "]]#"');
    const text = dollars + cursor.source.slice(cursor.offset, end);
    cursor.offset = end + 3;
    return { kind: 'text', text: text.slice(3) };
  }
  if (cursor.startsWith('#*')) return { kind: 'text', text: '' };
  if (cursor.next === '{') return { kind: 'text', text: dollars + takeBraces(cursor) };
  if (cursor.takeText('}')) return { kind: 'text', text: `${dollars}}` };
  // What is no reference belongs to the text that follows; escapes and escaped directives show no such text.
  if (cursor.next === '[') cursor.fail('"[" cannot follow an escaped "$"', start);
  const afterEscape = dollars.startsWith('\\') && cursor.peek(/\.[a-zA-Z]/y) !== undefined;
  const lost =
    afterEscape || cursor.peek(/\\\\|\\#(?:[a-zA-Z_@]|\{[a-zA-Z_])|#[ \t]+#(?:set|\{set\}) *\(/y) !== undefined;
  return { kind: 'text', text: lost ? '' : dollars.replace(/\\*!/g, '') };
}

/**
 * Opening braces right after a reference, or `$`. Velocity takes `{name}` there for one more reference, which has no
 * value and prints its brace only.
 */
export function takeBraces(cursor: Cursor): string {
  let braces = '';
  while (cursor.takeText('{')) {
    braces += '{';
    if (cursor.next === '[') cursor.fail('"[" cannot follow "{" after a reference');
    if (cursor.take(/(?:\\*\$(?:\\*!)?)*[a-zA-Z_][a-zA-Z0-9_-]*/y) === undefined) continue;
    parsePath(cursor);
    if (!cursor.takeText('}')) cursor.failExpecting('"}"');
    break;
  }
  return braces;
}

function describe(
  cursor: Cursor,
  start: number,
  dollars: string,
  bracketed: boolean,
  name: string,
  path: readonly PathStep[],
): ReferenceNode {
  const at = cursor.position(start);
  const image = dollars + (bracketed ? '{' : name);
  if (/\\!/.test(dollars)) {
    // `$\!x` prints with one backslash fewer; only the first token of the reference is kept.
    const nullText = image.replace(/^([^$]*\$[^\\]*)\\(\\*)/, '$1$2');
    const literal = cursor.literal(start);
    return { ...NO_VALUE, path, bracketed, literal, nullText, assigned: nullText, at };
  }
  const slashes = /^\\*/.exec(dollars)?.[0].length ?? 0;
  const last = dollars.lastIndexOf('$');
  cursor.dropPrefix(start, start + last);
  const literal = cursor.literal(start + last);
  const quiet = dollars.endsWith('!');
  const escaped = slashes % 2 === 1;
  return {
    kind: 'reference',
    root: name,
    path,
    quiet,
    bracketed,
    escaped,
    escapePrefix: '\\'.repeat(Math.floor(slashes / 2)),
    morePrefix: dollars.slice(slashes, last),
    literal,
    nullText: quiet && !escaped ? '' : literal,
    assigned: image.slice(image.lastIndexOf('$') + 1),
    at,
  };
}

const NO_VALUE = {
  kind: 'reference',
  root: null,
  path: [],
  quiet: false,
  bracketed: false,
  escaped: false,
  escapePrefix: '',
  morePrefix: '',
} as const;

function parsePath(cursor: Cursor): PathStep[] {
  const path: PathStep[] = parseIndices(cursor);
  while (cursor.peek(/\.[a-zA-Z]/y) !== undefined) {
    const at = cursor.position();
    cursor.offset++;
    const name = cursor.take(IDENTIFIER) ?? '';
    if (name === 'true' || name === 'false') cursor.fail(`"${name}" cannot be the name of a property`);
    path.push(
      cursor.take(/\((?!$)/y) !== undefined
        ? { kind: 'method', name, args: parseArguments(cursor), at }
        : { kind: 'property', name, at },
    );
    path.push(...parseIndices(cursor));
  }
  return path;
}

function parseArguments(cursor: Cursor): Expression[] {
  if (cursor.takeText(')')) return [];
  const args: Expression[] = [];
  do args.push(parseBareWord(cursor) ?? parseParameter(cursor));
  while (cursor.takeText(','));
  if (!cursor.takeText(')')) cursor.failExpecting('"," or ")"');
  return args;
}

/** A word without `$` is accepted among the arguments of a method, and has no value. */
function parseBareWord(cursor: Cursor): Expression | undefined {
  const word = cursor.peek(/[ \t\r\n]*[a-zA-Z_][a-zA-Z0-9_-]*[ \t\r\n]*/y);
  if (word === undefined || /^(true|false)$/.test(word.trim())) return undefined;
  const at = cursor.position();
  cursor.offset += word.length;
  return { ...NO_VALUE, literal: word.trim(), nullText: word.trim(), assigned: word.trim(), at };
}

function parseIndices(cursor: Cursor): PathStep[] {
  const indices: PathStep[] = [];
  while (cursor.startsWith('[')) {
    const at = cursor.position();
    cursor.offset++;
    cursor.take(WHITESPACE);
    indices.push({ kind: 'index', index: parseIndex(cursor), at });
    cursor.take(WHITESPACE);
    if (!cursor.takeText(']')) cursor.failExpecting('"]"');
  }
  return indices;
}

/** An index is a string, a whole number, true, false or a reference; nothing else. */
function parseIndex(cursor: Cursor): Expression {
  if (cursor.peek(/["'$\\tf]/y) !== undefined) return cursor.nested(() => parseParameter(cursor));
  const start = cursor.offset;
  const value = takeInteger(cursor);
  if (value === undefined) return cursor.failExpecting('an index');
  return { kind: 'constant', value, literal: cursor.literal(start) };
}
