import type { Expression, Macro, Node, ParsedTemplate, WordNode } from './ast.ts';
import { Cursor } from './cursor.ts';
import { type Position, VelocityError } from './error.ts';
import { parseExpression, tryValue } from './parse-expression.ts';
import { WHITESPACE } from './parse-literal.ts';
import { parseReference, takeBraces } from './parse-reference.ts';
import { parseText } from './parse-text.ts';

/** A parser at work: where it is and the macros it has met. */
export interface Parse {
  readonly cursor: Cursor;
  readonly macros: Map<string, Macro>;
  /** What was read last is a reference without braces, which a brace may still follow. */
  afterReference: boolean;
  /** What was read last is a reference that ends in a property. */
  afterProperty: boolean;
}

/** Blanks and one newline after a directive belong to it. */
const LINE_REST = '(?:[ \\t]*(?:\\r\\n|\\n|\\r))?';
const CLOSE = new RegExp(`\\)${LINE_REST}`, 'y');
const END = new RegExp(`#(?:end(?![a-zA-Z0-9_@])|\\{end\\})${LINE_REST}`, 'y');
const ELSE = new RegExp(`#(?:else(?![a-zA-Z0-9_@])|\\{else\\})${LINE_REST}`, 'y');
const ELSEIF = /#(?:elseif(?![a-zA-Z0-9_@])|\{elseif\})/y;
const IF = /#(?:if(?![a-zA-Z0-9_@])|\{if\})/y;
/** Blanks that begin a token before `#set` belong to it too; those that end a run of text do not. */
const SET = /[ \t]*#(?:set|\{set\}) *\(/y;
const NAME = /#(?:[a-zA-Z_@][a-zA-Z0-9_@]*|\{[a-zA-Z_][a-zA-Z0-9_@]*\})/y;
const DOLLARS_BEFORE_NAME =
  /(?:\\*\$(?:\\*!)?)+(?=#(?!(?:set|\{set\}) *\()(?:[a-zA-Z_@]|\{[a-zA-Z_][a-zA-Z0-9_@]*\}))/y;
const OPEN = /[ \t\r\n]*\(/y;

export function parseSource(source: string, origin?: Position, depth = 0): ParsedTemplate {
  const cursor = new Cursor(source, origin, depth);
  const parse: Parse = { cursor, macros: new Map(), afterReference: false, afterProperty: false };
  const nodes = parseBlock(parse);
  if (!cursor.atEnd)
    cursor.fail(`Encountered "${cursor.peek(NAME) ?? cursor.next}" without the directive it belongs to`);
  return { nodes, macros: parse.macros };
}

/** Nodes up to an `#end`, `#else` or `#elseif` of the directive around, or the end of the source. */
function parseBlock(parse: Parse): Node[] {
  const { cursor } = parse;
  return cursor.nested(() => {
    const nodes: Node[] = [];
    while (!cursor.atEnd) {
      const node = parseStatement(parse);
      if (node === 'end of block') break;
      if (node !== undefined) nodes.push(node);
    }
    return nodes;
  });
}

function parseStatement(parse: Parse): Node | 'end of block' | undefined {
  const { cursor, afterReference } = parse;
  parse.afterReference = false;
  if (afterReference && cursor.next === '{') return { kind: 'text', text: takeBraces(cursor) };
  if (afterReference && cursor.next === '[') cursor.failExpecting('the end of a reference');
  if (cursor.peek(SET) !== undefined) {
    const set = parseSet(cursor);
    // Velocity's lexer returns to the state in which it met the #set; so it does with `afterProperty`.
    parse.afterReference = afterReference;
    return set;
  }
  const dollars = cursor.peek(DOLLARS_BEFORE_NAME);
  if (dollars !== undefined) return parseAfterDollars(parse, dollars);
  if (cursor.next === '#' && cursor.peek(/#(?:#|\*|\[\[)/y) === undefined) {
    parse.afterProperty = false;
    if (cursor.peek(IF) !== undefined) return parseIf(parse);
    if (cursor.peek(END) ?? cursor.peek(ELSE) ?? cursor.peek(ELSEIF)) return 'end of block';
    const name = cursor.peek(NAME);
    if (name !== undefined) return parseDirective(parse, name);
  }
  return parseText(parse);
}

/** A `$` right before a directive's name is one token with it: lost before `#if` and `#end`, and no other name is known. */
function parseAfterDollars(parse: Parse, dollars: string): Node | 'end of block' | undefined {
  const { cursor } = parse;
  const start = cursor.offset;
  cursor.offset += dollars.length;
  if (cursor.peek(IF) ?? cursor.peek(END) ?? cursor.peek(ELSE) ?? cursor.peek(ELSEIF)) return parseStatement(parse);
  const at = cursor.position(start);
  const name = cursor.take(NAME) ?? '';
  const args = parseArguments(cursor) ?? [];
  return { kind: 'call', name, args, at, body: undefined, literal: cursor.literal(start) };
}

function parseSet(cursor: Cursor): Node {
  const blanks = cursor.peek(/[ \t]*/y) ?? '';
  const at = cursor.position(cursor.offset + blanks.length);
  cursor.take(SET);
  cursor.take(WHITESPACE);
  const target = parseReference(cursor);
  if (target?.kind !== 'reference') return cursor.failExpecting('a reference to set');
  cursor.take(WHITESPACE);
  if (cursor.startsWith('==') || !cursor.takeText('=')) cursor.failExpecting('"="');
  const value = parseExpression(cursor);
  close(cursor);
  return { kind: 'set', target, value, at };
}

function parseIf(parse: Parse): Node {
  const { cursor } = parse;
  const at = cursor.position();
  cursor.take(IF);
  const branches = [parseBranch(parse)];
  while (cursor.take(ELSEIF) !== undefined) branches.push(parseBranch(parse));
  const otherwise = cursor.take(ELSE) === undefined ? [] : parseBlock(parse);
  end(cursor, '#if', at);
  return { kind: 'if', branches, otherwise, at };
}

function parseBranch(parse: Parse): { condition: Expression; body: Node[] } {
  const { cursor } = parse;
  if (cursor.take(OPEN) === undefined) cursor.failExpecting('"("');
  const condition = parseExpression(cursor);
  close(cursor);
  return { condition, body: parseBlock(parse) };
}

function close(cursor: Cursor): void {
  if (cursor.take(CLOSE) === undefined) cursor.failExpecting('")"');
}

function end(cursor: Cursor, directive: string, at: Position): void {
  if (cursor.take(END) !== undefined) return;
  if (!cursor.atEnd) cursor.failExpecting('"#end"');
  cursor.fail(`${directive} (line ${at.line}, column ${at.column}) is not closed by #end`);
}

function parseDirective(parse: Parse, written: string): Node | undefined {
  const { cursor } = parse;
  const start = cursor.offset;
  const at = cursor.position();
  const name = written.startsWith('#{') ? written.slice(2, -1) : written.slice(1);
  if (name === 'include' || name === 'parse') {
    cursor.fail(`#${name} is not available: a mapping template reads no other template or file`);
  }
  cursor.offset += written.length;
  const args = parseArguments(cursor);
  const call = { name, at, args: args ?? [] };
  if (BLOCKS.has(name) || (name.startsWith('@') && args !== undefined)) {
    if (args === undefined) cursor.failExpecting(`"(" after #${name}`);
    return parseBlockDirective(parse, call, start);
  }
  if (name === 'stop') return { kind: 'stop', scope: undefined, at };
  if (name === 'break') return { kind: 'break', scope: expressions(cursor, call)[0], at };
  if (name === 'evaluate') {
    const [source, ...rest] = expressions(cursor, call);
    if (source === undefined || rest.length > 0) return cursor.fail('#evaluate takes exactly one argument', start);
    if (!TEXTS.has(source.kind) || (source.kind === 'constant' && typeof source.value !== 'string')) {
      return cursor.fail('The argument of #evaluate must be a string or a reference', start);
    }
    return { kind: 'evaluate', source, at };
  }
  return { kind: 'call', ...call, body: undefined, literal: cursor.literal(start) };
}

const TEXTS: ReadonlySet<string> = new Set(['constant', 'interpolated', 'reference']);
const BLOCKS: ReadonlySet<string> = new Set(['foreach', 'macro', 'define', 'literal']);

interface Call {
  readonly name: string;
  readonly args: readonly (Expression | WordNode)[];
  readonly at: Position;
}

/** Arguments in parentheses, divided by blanks or commas; undefined if no parenthesis follows. */
function parseArguments(cursor: Cursor): (Expression | WordNode)[] | undefined {
  if (cursor.take(OPEN) === undefined) return undefined;
  const args: (Expression | WordNode)[] = [];
  for (;;) {
    cursor.take(/[ \t\r\n]*(?:,[ \t\r\n]*(?!\)))?/y);
    if (cursor.take(CLOSE) !== undefined) return args;
    const word = cursor.take(/(?!(?:true|false)(?![a-zA-Z0-9_@]))[a-zA-Z_@][a-zA-Z0-9_@]*/y);
    const arg = word === undefined ? tryValue(cursor) : ({ kind: 'word', word } as const);
    if (arg === undefined) return cursor.failExpecting('an argument or ")"');
    args.push(arg);
  }
}

function expressions(cursor: Cursor, call: Call): Expression[] {
  return call.args.map((arg) => {
    if (arg.kind === 'word') return cursor.fail(`The word "${arg.word}" is not an argument for #${call.name}`);
    return arg;
  });
}

function parseBlockDirective(parse: Parse, call: Call, start: number): Node | undefined {
  const { cursor } = parse;
  const bodyStart = cursor.offset;
  const body = parseBlock(parse);
  const written = cursor.literal(bodyStart);
  end(cursor, `#${call.name}`, call.at);
  switch (call.name) {
    case 'foreach':
      return foreach(cursor, call, body, start);
    case 'macro':
      defineMacro(parse, call, body);
      return undefined;
    case 'define': {
      const [block] = call.args;
      if (block?.kind !== 'reference' || call.args.length !== 1) {
        return cursor.fail('#define takes exactly one argument, a reference', start);
      }
      return { kind: 'define', name: block.assigned, body, at: call.at };
    }
    case 'literal':
      return {
        kind: 'text',
        text: written.replace(/##[^\r\n]*|#\*.*?\*#/gs, (comment) => (comment.startsWith('##') ? '##' : '')),
      };
    default: {
      const literal = cursor.literal(start);
      return { kind: 'call', ...call, name: call.name.slice(1), body, literal };
    }
  }
}

function foreach(cursor: Cursor, call: Call, body: Node[], start: number): Node | undefined {
  const { at, args } = call;
  const [variable, , list, instead] = args;
  const message = '#foreach is written "#foreach($item in $list)"';
  if (variable?.kind === 'word' || list?.kind === 'word') return cursor.fail(message, start);
  if (args.length < 2 || variable === undefined) return { kind: 'fail', message, at };
  if (list === undefined) return undefined; // Velocity takes the body for the list, which has no value
  const name = variable.kind === 'reference' ? (variable.root ?? '') : variable.literal.slice(1);
  // A fourth argument stands where Velocity looks for the body.
  const rendered = instead?.kind === 'reference' ? [instead] : instead === undefined ? body : [];
  return { kind: 'foreach', variable: name, list, body: rendered, at };
}

function defineMacro(parse: Parse, call: Call, body: Node[]): void {
  const { cursor, macros } = parse;
  const [name, ...parameters] = call.args;
  if (name?.kind !== 'word') throw new VelocityError('#macro is written "#macro(name $argument …)"', call.at);
  const names = parameters.map((parameter) => {
    if (parameter.kind === 'word') return cursor.fail(`A parameter of the macro "${name.word}" is no reference`);
    return parameter.kind === 'reference' ? parameter.assigned : parameter.literal.slice(1);
  });
  if (!macros.has(name.word)) macros.set(name.word, { name: name.word, parameters: names, body });
}
