import type { Node, ReferenceNode } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseReference } from './parse-reference.ts';
import type { Parse } from './parse-template.ts';

const NEWLINE = /\r\n|\n|\r/y;
const DIRECTIVES: ReadonlySet<string> = new Set(
  'if else elseif end set foreach include parse macro literal evaluate break define stop'.split(' '),
);
/** Those a doubled backslash is an escape for; Velocity's lexer sees `#set(` as one token and does not know it here. */
const ESCAPABLE = /#(?:(if|elseif|else|end)(?![a-zA-Z0-9_@])|\{(?:if|elseif|else|end)\}|([a-zA-Z_@][a-zA-Z0-9_@]*))/y;

/** Everything that is no directive: text, references, comments, escapes. Undefined for what prints nothing. */
export function parseText(parse: Parse): Node | undefined {
  const { cursor } = parse;
  const { afterProperty } = parse;
  parse.afterProperty = false;
  if (afterProperty && cursor.next === '(' && cursor.peek(/\([a-zA-Z0-9_-]*$/y) === undefined) {
    cursor.fail('"(" cannot follow the index of a property');
  }
  // `$[`, `$![` and `$.` are text; elsewhere a `$` is looked at as a reference.
  const empty = cursor.take(/\$(?:\[|!\[|\\!\[|\.)/y);
  if (empty !== undefined) return { kind: 'text', text: empty };
  const reference = parseHashedReference(cursor) ?? parseReference(cursor);
  if (reference !== undefined) {
    const lostBeforeSet = reference.kind === 'text' && cursor.peek(/[ \t]*#(?:set|\{set\}) *\(/y) !== undefined;
    parse.afterReference = lostBeforeSet || (reference.kind === 'reference' && !reference.bracketed);
    parse.afterProperty = endsInProperty(reference);
    return reference;
  }
  if (cursor.next === '\\') return { kind: 'text', text: takeEscapes(parse) };
  if (cursor.next !== '#') return { kind: 'text', text: cursor.take(/[^$#\\]+/y) ?? '' };
  if (afterProperty && cursor.peek(/##(?!#)/y) !== undefined) return parseTwoHashes(cursor);
  if (afterProperty && cursor.startsWith('#*')) {
    if (cursor.offset + 2 === cursor.source.length) cursor.fail('"#*" right after a reference ends the template');
    parse.afterProperty = true;
  }
  return parseHash(cursor);
}

/** A `#` right before a reference belongs to it: a block does not print it. */
function parseHashedReference(cursor: Cursor): ReferenceNode | undefined {
  if (!cursor.startsWith('#$')) return undefined;
  const start = cursor.offset;
  cursor.offset++;
  const reference = parseReference(cursor);
  if (reference?.kind === 'reference') return { ...reference, morePrefix: `#${reference.morePrefix}` };
  cursor.offset = start;
  return undefined;
}

/** Right after `$a.b` Velocity's lexer still looks for more of the reference, and takes `##` for text. */
function endsInProperty(node: Node): boolean {
  if (node.kind !== 'reference' || node.bracketed) return false;
  return node.path.findLast(({ kind }) => kind !== 'index')?.kind === 'property';
}

function parseTwoHashes(cursor: Cursor): Node {
  cursor.offset += 2;
  if (cursor.atEnd) cursor.fail('"##" right after a reference ends the template', cursor.offset - 2);
  return { kind: 'text', text: '##' };
}

function parseHash(cursor: Cursor): Node | undefined {
  if (cursor.takeText('##')) {
    cursor.take(/[^\r\n]*/y);
    cursor.take(NEWLINE);
    return undefined;
  }
  if (cursor.takeText('#[[')) {
    const end = cursor.source.indexOf(']]#', cursor.offset);
    if (end === -1) cursor.fail('"#[[" is not closed by "]]#"', cursor.offset - 3);
    const text = cursor.source.slice(cursor.offset, end);
    cursor.offset = end + 3;
    return { kind: 'text', text };
  }
  if (cursor.takeText('#*')) {
    const end = cursor.source.indexOf('*#', cursor.offset);
    cursor.offset = end === -1 ? cursor.source.length : end + 2;
    return undefined;
  }
  cursor.offset++;
  if (cursor.atEnd) cursor.fail('A "#" ends the template', cursor.offset - 1);
  if (cursor.peek(/(?:\\*\$(?:\\*!)?)+\[/y) !== undefined) cursor.fail('"[" cannot follow "#$"', cursor.offset - 1);
  // Nor does it, with the `$` after it, before what is no text to Velocity's lexer.
  if (cursor.take(/(?:\\*\$(?:\\*!)?)+(?=@|\.[a-zA-Z]|#\*)/y) !== undefined) return { kind: 'text', text: '' };
  const slashes = cursor.take(/\\+(?=\$)/y);
  if (slashes !== undefined) return { kind: 'text', text: `#${slashes}` };
  // As with a `$` that begins nothing: what follows shows it only if it is text.
  const lost = cursor.peek(/\\\\|\\#(?:[a-zA-Z_@]|\{[a-zA-Z_])|[ \t]+#(?:set|\{set\}) *\(/y) !== undefined;
  return { kind: 'text', text: lost ? '' : '#' };
}

/** Backslashes before no `$`: they escape a directive that follows, or are text. */
function takeEscapes(parse: Parse): string {
  const { cursor } = parse;
  const slashes = cursor.take(/\\+/y) ?? '';
  const known = (name: string): boolean => DIRECTIVES.has(name) || parse.macros.has(name);
  if (slashes.length % 2 === 1) {
    const written = cursor.take(/#(?:[a-zA-Z_@][a-zA-Z0-9_@]*|\{[a-zA-Z_][a-zA-Z0-9_@]*\})/y);
    if (written === undefined) return slashes;
    const name = written.startsWith('#{') ? written.slice(2, -1) : written.slice(1);
    return known(name) ? slashes.slice(0, (slashes.length - 1) / 2) + written : slashes + written;
  }
  ESCAPABLE.lastIndex = cursor.offset;
  const directive = cursor.peek(/#(?:set|\{set\}) *\(/y) === undefined ? ESCAPABLE.exec(cursor.source) : null;
  const control = directive !== null && (directive[2] === undefined || known(directive[2]));
  return control ? slashes.slice(0, slashes.length / 2) : slashes;
}
