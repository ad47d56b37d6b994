import { readJson } from '../json-text.ts';
import { parseFilter } from './parse-filter.ts';
import { PathReader, withoutEscapes } from './reader.ts';
import { JsonPathError, type Parameter, type Path, type Token } from './tokens.ts';

/** Paths within filters and functions within paths; deeper ones are refused before they can exhaust the stack. */
const MAX_DEPTH = 50;

/** Reads a path as Jayway JsonPath does; without `$` or `@` in front `$.` is put there. Throws `JsonPathError`. */
export function parsePath(text: string, depth = 0): Path {
  if (depth > MAX_DEPTH) throw new JsonPathError(`Paths are nested deeper than ${MAX_DEPTH} levels`);
  const start = text.trimStart()[0];
  const reader = new PathReader(start === '$' || start === '@' ? text : `$.${text}`).trim();
  if (reader.lastChar === '.') reader.fail("must not end with a '.' or '..'");
  return new Parser(reader, depth).parse();
}

class Parser {
  readonly #reader: PathReader;
  readonly #depth: number;
  readonly #tokens: Token[] = [];

  constructor(reader: PathReader, depth: number) {
    this.#reader = reader;
    this.#depth = depth;
  }

  parse(): Path {
    const reader = this.#reader;
    while (reader.inBounds && /[ \t\n\r]/.test(reader.current)) reader.at++;
    const fromRoot = reader.current === '$';
    if (!fromRoot && reader.current !== '@') reader.fail("must start with '$' or '@'");
    if (!reader.isTail) {
      reader.at++;
      if (!/[.[]/.test(reader.current)) reader.fail(`has something else than '.' or '[' at position ${reader.at}`);
      do this.#token();
      while (!reader.isTail);
    }
    return functionFirst({ tokens: this.#tokens, fromRoot });
  }

  #token(): void {
    const reader = this.#reader;
    if (reader.current === '.') this.#dots();
    if (reader.current === '[') this.#brackets();
    else if (reader.current === '*') {
      reader.at++;
      this.#tokens.push({ kind: 'wildcard' });
    } else this.#name();
  }

  #dots(): void {
    const reader = this.#reader;
    if (reader.text[reader.at + 1] === '.' && reader.isWithin(reader.at + 1)) {
      this.#tokens.push({ kind: 'scan' });
      reader.at += 2;
    } else {
      if (!reader.isWithin(reader.at + 1)) reader.fail("must not end with a '.'");
      reader.at++;
    }
    if (reader.current === '.') reader.fail(`has a '.' too many at position ${reader.at}`);
  }

  #name(): void {
    const reader = this.#reader;
    const start = reader.at;
    if (reader.current === ' ') reader.fail(`has a blank at position ${start}`);
    let end = start;
    while (reader.isWithin(end) && !/[ .[(]/.test(reader.charAt(end))) end++;
    const next = reader.isWithin(end) ? reader.charAt(end) : '';
    if (next === ' ') reader.fail("has a name with blanks, which must be written ['my name']");
    const name = reader.slice(start, end);
    reader.at = end;
    this.#tokens.push(next === '(' ? this.#function(name) : { kind: 'names', names: [name] });
  }

  /** As in Jayway a parenthesis after no arguments is left, for a name if more of the path follows. */
  #function(name: string): Token {
    const reader = this.#reader;
    const open = reader.at;
    let parentheses = 1;
    for (let at = open + 1; parentheses > 0; at++) {
      if (!reader.isWithin(at)) reader.fail(`does not close the arguments of the function ${name}`);
      if (reader.charAt(at) === ')') parentheses--;
      else if (reader.charAt(at) === '(') parentheses++;
    }
    reader.at = open + 1;
    if (reader.current === ')') {
      return { kind: 'function', name, parameters: [] };
    }
    return { kind: 'function', name, parameters: this.#parameters(name) };
  }

  #parameters(name: string): Parameter[] {
    const reader = this.#reader;
    const parameters: Parameter[] = [];
    let start = reader.at;
    let nested = 0;
    for (;;) {
      if (!reader.inBounds) reader.fail(`does not close the arguments of the function ${name}`);
      const char = reader.current;
      if (char === '"') reader.at = closed(reader, reader.unescaped('"'), name);
      else if ('([{'.includes(char)) nested++;
      else if (nested > 0 && ')]}'.includes(char)) nested--;
      else if (char === ']' || char === '}') reader.fail(`has an unexpected "${char}" in the arguments of ${name}`);
      else if (nested === 0 && (char === ',' || char === ')')) {
        const parameter = this.#parameter(reader.slice(start, reader.at).trimStart());
        if (parameter !== undefined) parameters.push(parameter);
        start = reader.at + 1;
      }
      reader.at++;
      if (nested === 0 && char === ')' && start === reader.at) return parameters;
    }
  }

  /** Words that are neither JSON nor a path are passed over. */
  #parameter(text: string): Parameter | undefined {
    if (/^[{"\d-]/.test(text)) return { json: readJson(text) };
    if (!/^[$@]/.test(text)) return undefined;
    if (/[ \t\r\n]$/.test(text)) this.#reader.fail(`has a blank after the path "${text.trimEnd()}"`);
    return { path: parsePath(text, this.#depth + 1) };
  }

  #brackets(): void {
    const reader = this.#reader;
    const next = reader.significant();
    const token =
      next === "'" || next === '"'
        ? this.#names(next)
        : (this.#numbers(next) ?? this.#bracketedWildcard(next) ?? this.#filter());
    this.#tokens.push(
      token ?? reader.fail(`has brackets that cannot be read: "${reader.slice(reader.at, reader.at + 20)}"`),
    );
  }

  #names(quote: string): Token {
    const reader = this.#reader;
    const names: string[] = [];
    let at = reader.at + 1;
    let start = at;
    let end = 0;
    let inName = false;
    let afterComma = false;
    for (; reader.isWithin(at); at++) {
      const char = reader.charAt(at);
      if (char === '\\') at++;
      else if (char === ']' && !inName) {
        if (afterComma) reader.fail(`has an empty name at position ${at}`);
        break;
      } else if (char === quote && !inName) {
        start = at + 1;
        inName = true;
        afterComma = false;
      } else if (char === quote) {
        if (!',]'.includes(reader.significant(at))) reader.fail(`has names that no comma divides at position ${at}`);
        end = at;
        names.push(withoutEscapes(reader.slice(start, end)));
        inName = false;
      } else if (char === ',' && !inName) {
        if (afterComma) reader.fail(`has an empty name at position ${at}`);
        afterComma = true;
      }
    }
    if (inName) reader.fail(`does not close a name with ${quote}`);
    const close = reader.significantAfter(end);
    if (reader.charAt(close) !== ']') reader.fail('does not close a name with "]"');
    reader.at = close + 1;
    return { kind: 'names', names };
  }

  #numbers(next: string): Token | undefined {
    const reader = this.#reader;
    if (!/[0-9:-]/.test(next)) return undefined;
    const close = reader.indexOf(']', reader.at + 1);
    if (close === -1) return undefined;
    const written = reader.slice(reader.at + 1, close).trim();
    if (!/^[0-9,: -]*$/.test(written)) return undefined;
    reader.at = close + 1;
    if (!written.includes(':'))
      return { kind: 'indexes', indexes: written.split(/\s*,\s*/).map((n) => this.#integer(n)) };
    if (!/^[0-9:-]*$/.test(written)) reader.fail(`has a slice that cannot be read: "${written}"`);
    const [from, to] = written.split(':').map((n) => (n === '' ? undefined : this.#integer(n)));
    if (from === undefined && to === undefined) reader.fail(`has a slice that cannot be read: "${written}"`);
    return { kind: 'slice', from, to };
  }

  #integer(written: string): number {
    const value = /^-?[0-9]+$/.test(written) ? Number(written) : Number.NaN;
    if (value >= -(2 ** 31) && value < 2 ** 31) return value;
    return this.#reader.fail(`has an index that is no integer: "${written}"`);
  }

  #bracketedWildcard(next: string): Token | undefined {
    const reader = this.#reader;
    if (next !== '*') return undefined;
    const star = reader.significantAfter();
    if (reader.significant(star) !== ']') reader.fail(`has a wildcard without "]" at position ${star + 1}`);
    reader.at = reader.significantAfter(star) + 1;
    return { kind: 'wildcard' };
  }

  #filter(): Token | undefined {
    const reader = this.#reader;
    const mark = reader.significantAfter();
    if (reader.charAt(mark) !== '?') return undefined;
    const open = reader.significantAfter(mark);
    if (reader.charAt(open) !== '(') return undefined;
    const close = reader.closing(open, '(', ')', true);
    if (close === -1 || reader.significant(close) !== ']') return undefined;
    const end = reader.significantAfter(close);
    const written = reader.slice(reader.at, end + 1);
    reader.at = end + 1;
    const depth = this.#depth + 1;
    return { kind: 'filter', expression: parseFilter(written, (text) => parsePath(text, depth)) };
  }
}

function closed(reader: PathReader, index: number, name: string): number {
  return index === -1 ? reader.fail(`does not close a string in the arguments of the function ${name}`) : index;
}

/**
 * A function at the end of a path that begins by scanning is asked about all that the scan finds at once:
 * `$..price.sum()` is `$.sum($..price)`.
 */
function functionFirst(path: Path): Path {
  const { tokens } = path;
  if (tokens[0]?.kind !== 'scan' || tokens.at(-1)?.kind !== 'function') return path;
  const at = tokens.findIndex(({ kind }) => kind === 'function');
  const token = tokens[at];
  if (token?.kind !== 'function') return path;
  const scanned: Path = { tokens: tokens.slice(0, at), fromRoot: true };
  return { tokens: [{ ...token, parameters: [{ path: scanned }] }, ...tokens.slice(at + 1)], fromRoot: true };
}
