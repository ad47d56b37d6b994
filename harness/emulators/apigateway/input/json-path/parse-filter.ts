import { JavaException } from '../../velocity/error.ts';
import { JavaPattern } from '../../velocity/regex/index.ts';
import { MalformedJson, readJson } from '../json-text.ts';
import { parseDecimal } from './decimal.ts';
import { type FilterExpression, OPERATORS, type Operand, type Operator } from './filter.ts';
import { PathReader, UnreadablePath, withoutEscapes } from './reader.ts';
import { JsonPathError, type Path } from './tokens.ts';

/** Parentheses and `!` within one another. */
const MAX_DEPTH = 100;

/** Reads `[?( … )]` as Jayway does. */
export function parseFilter(written: string, parsePath: (text: string) => Path): FilterExpression {
  const reader = new PathReader(written).trim();
  reader.at++;
  reader.dropLast();
  reader.trim();
  reader.at++;
  reader.trim();
  if (reader.current !== '(' || reader.lastChar !== ')') reader.fail('must have its filter between "[?(" and ")]"');
  const expression = new FilterParser(reader, parsePath).or();
  reader.skipBlanks();
  if (reader.inBounds) reader.fail(`has something after its filter: "${reader.slice(reader.at, reader.length)}"`);
  return expression;
}

const QUANTIFIED = /[<>=~!]/;

class FilterParser {
  readonly #reader: PathReader;
  readonly #parsePath: (text: string) => Path;
  #depth = 0;

  constructor(reader: PathReader, parsePath: (text: string) => Path) {
    this.#reader = reader;
    this.#parsePath = parsePath;
  }

  or(): FilterExpression {
    return this.#chain('or', '||', () => this.#chain('and', '&&', () => this.#operand()));
  }

  #chain(kind: 'or' | 'and', sign: string, next: () => FilterExpression): FilterExpression {
    const operands = [next()];
    const reader = this.#reader;
    for (;;) {
      const before = reader.at;
      reader.skipBlanks();
      const follows = reader.isWithin(reader.at + 1) && reader.slice(reader.at, reader.at + 2) === sign;
      if (!follows) {
        reader.at = before;
        return operands.length === 1 ? (operands[0] as FilterExpression) : { kind, operands };
      }
      reader.at += 2;
      operands.push(next());
    }
  }

  #operand(): FilterExpression {
    const reader = this.#reader;
    if (++this.#depth > MAX_DEPTH) reader.fail(`has a filter nested deeper than ${MAX_DEPTH} levels`);
    try {
      const start = reader.skipBlanks().at;
      if (reader.current === '!') {
        reader.at++;
        if (!/[$@]/.test(reader.skipBlanks().current)) return { kind: 'not', operand: this.#operand() };
        reader.at = start;
      }
      if (reader.skipBlanks().current !== '(') return this.#comparison();
      reader.at++;
      const inner = this.or();
      if (reader.skipBlanks().current !== ')') reader.fail('has a parenthesis that is not closed');
      reader.at++;
      return inner;
    } finally {
      this.#depth--;
    }
  }

  /** A comparison, or what only asks whether a path is there. */
  #comparison(): FilterExpression {
    const reader = this.#reader;
    const wanted = reader.skipBlanks().current !== '!';
    const left = this.#value();
    const afterLeft = reader.at;
    try {
      const operator = this.#operator();
      return { kind: 'compare', operator, left, right: this.#value() };
    } catch (error) {
      if (!(error instanceof JsonPathError) || error instanceof UnreadablePath) throw error;
      reader.at = afterLeft;
    }
    if (left.kind !== 'path') return reader.fail('has a filter that compares nothing');
    return { kind: 'exists', path: left.path, wanted };
  }

  #operator(): Operator {
    const reader = this.#reader;
    const start = reader.skipBlanks().at;
    const isSign = QUANTIFIED.test(reader.current);
    while (reader.inBounds && (isSign ? QUANTIFIED.test(reader.current) : reader.current !== ' ')) reader.at++;
    const written = reader.slice(start, reader.at);
    const operator = OPERATORS.find((known) => known === written.toUpperCase());
    return operator ?? reader.fail(`has an operator that does not exist: "${written}"`);
  }

  #value(): Operand {
    const reader = this.#reader;
    if (reader.skipBlanks().current === '!') {
      reader.at++;
      if (!/[$@]/.test(reader.skipBlanks().current)) reader.fail('has an unexpected "!"');
    }
    switch (reader.current) {
      case '$':
      case '@':
        return this.#path();
      case "'":
      case '"':
        return this.#string();
      case 't':
      case 'f':
        return this.#word('true', 'false');
      case 'n':
        return this.#word('null');
      case '{':
        return this.#json('}');
      case '[':
        return this.#json(']');
      case '/':
        return this.#pattern();
      default:
        return this.#number();
    }
  }

  #path(): Operand {
    const reader = this.#reader;
    const start = reader.at;
    reader.at++;
    while (reader.inBounds) {
      if (reader.current === '[') {
        const close = reader.closing(reader.at, '[', ']', false);
        if (close === -1) reader.fail('has brackets that do not match');
        reader.at = close + 1;
      }
      const closes = reader.current === ')' && !this.#closesFunction(start);
      if (!reader.inBounds || QUANTIFIED.test(reader.current) || reader.current === ' ' || closes) break;
      reader.at++;
    }
    return { kind: 'path', path: this.#parsePath(reader.slice(start, reader.at)) };
  }

  #closesFunction(start: number): boolean {
    const reader = this.#reader;
    const open = reader.significantBefore();
    return open !== -1 && reader.charAt(open) === '(' && reader.slice(start + 1, open).includes('.');
  }

  #string(): Operand {
    const reader = this.#reader;
    const start = reader.at;
    const end = reader.unescaped(reader.current);
    if (end === -1) reader.fail('has a string that is not closed');
    reader.at = end + 1;
    return { kind: 'string', text: withoutEscapes(reader.slice(start + 1, end)) };
  }

  #word(...words: readonly string[]): Operand {
    const reader = this.#reader;
    const word = words.find((known) => reader.text.startsWith(known, reader.at));
    if (word === undefined || !reader.isWithin(reader.at + word.length - 1)) {
      return reader.fail(`has something else than ${words.join(' or ')} at position ${reader.at}`);
    }
    reader.at += word.length;
    return word === 'null' ? { kind: 'null' } : { kind: 'boolean', value: word === 'true' };
  }

  #json(close: string): Operand {
    const reader = this.#reader;
    const start = reader.at;
    const end = reader.closing(start, reader.current, close, false);
    if (end === -1) reader.fail('has JSON that is not closed');
    reader.at = end + 1;
    const written = reader.slice(start, end + 1);
    try {
      return { kind: 'json', json: readJson(written), written };
    } catch (error) {
      if (!(error instanceof MalformedJson)) throw error;
      return reader.fail(`has JSON that cannot be read: ${error.message}`);
    }
  }

  #pattern(): Operand {
    const reader = this.#reader;
    const start = reader.at;
    let end = reader.unescaped('/');
    if (end === -1) reader.fail('has a pattern that is not closed');
    while (reader.isWithin(end + 1) && /[dixmsu]/.test(reader.charAt(end + 1))) end++;
    reader.at = end + 1;
    const written = reader.slice(start, end + 1);
    const close = written.lastIndexOf('/');
    try {
      return { kind: 'pattern', pattern: new JavaPattern(written.slice(1, close), written.slice(close + 1)) };
    } catch (error) {
      if (!(error instanceof JavaException)) throw error;
      throw new UnreadablePath(`The JSONPath "${reader.text}" has a pattern that cannot be read: ${error.message}`);
    }
  }

  #number(): Operand {
    const reader = this.#reader;
    const start = reader.at;
    while (reader.inBounds && /[\p{Nd}.eE-]/u.test(reader.current)) reader.at++;
    const number = parseDecimal(reader.slice(start, reader.at));
    if (number !== undefined) return { kind: 'number', number };
    throw new UnreadablePath(`The JSONPath "${reader.text}" has a value that cannot be read at position ${start}`);
  }
}
