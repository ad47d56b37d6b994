import { doubleToString } from '../velocity/text.ts';
import { decimalToString, parseDecimal } from './json-path/decimal.ts';

/**
 * JSON as API Gateway reads it. It uses Jayway JsonPath over json-smart, whose permissive reader takes more than JSON:
 * bare words and single quotes for strings, stray commas, text after the value. That is why a form body is a string to
 * `$input.path('$')` and not an error: it is one long bare word.
 *
 * Numbers whose text JavaScript would change (`1.0`, `12345678901234567890`) are kept as `JsonNumber`.
 */
export type Json = null | boolean | string | number | JsonNumber | Json[] | { [key: string]: Json };

/** A number with the text that Java would print it with. `JSON.stringify` writes it so. */
export interface JsonNumber {
  readonly rawJSON: string;
}

/**
 * JSON text as json-smart writes it for Jayway: control characters from U+007F to U+009F and everything from U+2000 to
 * U+20FF are escaped too, halves of surrogate pairs are not.
 */
export function writeJson(json: Json): string {
  const text = JSON.stringify(json);
  if (!/[\u007f-\u009f\u2000-\u20ff]|\\ud[89a-f]/.test(text)) return text;
  return text
    .replace(/[\u007f-\u009f\u2000-\u20ff]/g, (char) => `\\u${hex(char)}`)
    .replace(/\\(?:u(d[89a-f][0-9a-f]{2})|.)/g, (whole, half?: string) =>
      half === undefined ? whole : String.fromCharCode(Number.parseInt(half, 16)),
    );
}

const hex = (char: string): string => char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');

/** A body that even the permissive reader refuses. */
export class MalformedJson extends Error {
  override readonly name = 'MalformedJson';
}

/** Nested deeper than this is refused, before it can exhaust the stack. */
export const MAX_DEPTH = 1_000;

// Part of ECMAScript's "JSON.parse source text access", which V8 has and TypeScript's library does not describe yet.
const native = JSON as unknown as {
  parse(text: string, reviver?: (key: string, value: Json, context: { source?: string }) => unknown): Json;
  rawJSON(text: string): JsonNumber;
  isRawJSON(value: unknown): value is JsonNumber;
};

/** @param text a number as JSON writes it */
export const jsonNumber = (text: string): JsonNumber => native.rawJSON(text);
export const isJsonNumber = (value: unknown): value is JsonNumber => native.isRawJSON(value);

/** Numbers that JavaScript might not give back as they were; what stands in a string seldom looks so. */
const DELICATE_NUMBERS = /(?:^|[[:,\s])(-?(?:\d{16}|\d+[.eE]|0(?<=-0))[\d.eE+-]*)(?=\s*(?:[,\]}]|$))/g;
/** What no JSON begins with; asked first, because a failure of JSON.parse takes long. */
const NO_JSON = /^[^[{"\-\dtfn]/;

/** The body's value; an empty body is an empty object. Throws `MalformedJson`. */
export function readJson(text: string): Json {
  const trimmed = trim(text);
  if (trimmed === '') return {};
  if (NO_JSON.test(trimmed) || trimmed.includes('\u007f')) return new PermissiveReader(trimmed).read();
  try {
    const value = changesNumbers(trimmed) ? native.parse(trimmed, keepNumber) : native.parse(trimmed);
    checkDepth(trimmed);
    return value;
  } catch (error) {
    if (error instanceof MalformedJson) throw error;
    return new PermissiveReader(trimmed).read();
  }
}

/** Without what JSON takes for white space at both ends, which is less than what JavaScript does. */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && ' \t\r\n'.includes(text[start] as string)) start++;
  while (end > start && ' \t\r\n'.includes(text[end - 1] as string)) end--;
  return text.slice(start, end);
}

/** Looking at each number's text takes the parser several times as long, and most have nothing to be kept. */
function changesNumbers(text: string): boolean {
  for (const [, number] of text.matchAll(DELICATE_NUMBERS)) if (String(Number(number)) !== number) return true;
  return false;
}

function keepNumber(_key: string, value: Json, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return numberOf(source);
}

function numberOf(source: string): Json {
  if (/^-?\d+$/.test(source)) return native.rawJSON(source === '-0' ? '0' : source);
  // json-smart makes a BigDecimal of what is longer than a Double's digits are.
  const decimal = source.length > LONGEST_DOUBLE ? parseDecimal(source) : undefined;
  if (decimal !== undefined) return native.rawJSON(decimalToString(decimal));
  const value = Number(source);
  return Number.isFinite(value) ? native.rawJSON(doubleToString(value)) : source;
}

const LONGEST_DOUBLE = 18;

/** `JSON.parse` has no limit of depth, but everything that walks over its result is recursive. */
function checkDepth(text: string): void {
  if (text.length < 2 * MAX_DEPTH) return;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > MAX_DEPTH) throw new MalformedJson(`JSON is nested deeper than ${MAX_DEPTH} levels`);
    } else if (code === 0x7d || code === 0x5d) depth--;
  }
}

const ESCAPES: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const ITSELF = `"'/\\`;

class PermissiveReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Json {
    const first = this.#text[0] ?? '';
    if ('}]:'.includes(first)) throw this.#unexpected();
    // A bare word that is the whole document runs to its end.
    if ('{["\''.includes(first)) return this.#value(',]}');
    return this.#interruptedNumber() ?? this.#scalar(this.#text);
  }

  /** `stops` end a bare word. */
  #value(stops: string): Json {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === '{') return this.#nested(() => this.#object());
    if (next === '[') return this.#nested(() => this.#array());
    if (next === '"' || next === "'") return this.#quoted(next);
    const number = this.#interruptedNumber();
    if (number !== undefined) return number;
    if (next === ':') throw this.#unexpected();
    const word = this.#bareWord(stops);
    if (word === '') throw this.#unexpected();
    return this.#scalar(word);
  }

  /** json-smart ends a number at the first character from `~` on: `1000원` is 1000. */
  #interruptedNumber(): Json | undefined {
    INTERRUPTED_NUMBER.lastIndex = this.#at;
    const [whole = '', number = ''] = INTERRUPTED_NUMBER.exec(this.#text) ?? [];
    if (number === '') return undefined;
    this.#at += whole.length;
    return this.#scalar(number);
  }

  /** What a bare word is: a word of JSON, a number in any of the ways json-smart takes, or a string. */
  #scalar(word: string): Json {
    if (word === 'null') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === '-') return 0;
    if (/^-\.?[eE][+-]?\d+$|^-\.$/.test(word)) throw this.#unexpected();
    if (!/^(?:-?\d+(?:\.\d*)?|-\.\d+)(?:[eE][+-]?\d+)?$/.test(word)) return word;
    return numberOf(
      word
        .replace(/^(-?)0+(?=\d)/, '$1')
        .replace(/^-\./, '-0.')
        .replace(/\.(?!\d)/, '.0'),
    );
  }

  #nested(read: () => Json): Json {
    if (++this.#depth > MAX_DEPTH) throw new MalformedJson(`JSON is nested deeper than ${MAX_DEPTH} levels`);
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): Json {
    const entries: [string, Json][] = [];
    for (;;) {
      this.#skipSpace(',');
      const next = this.#text[this.#at];
      if (next === undefined) throw this.#unexpected();
      if (next === '}') break;
      if ('[]{:'.includes(next)) throw this.#unexpected();
      const key = next === '"' || next === "'" ? this.#quoted(next) : this.#bareWord(':');
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') throw this.#unexpected();
      this.#at++;
      this.#skipSpace();
      entries.push([key, this.#text[this.#at] === ',' ? '' : this.#value(',}')]);
      this.#skipSpace();
      const after = this.#text[this.#at];
      if (after !== ',' && after !== '}') throw this.#unexpected();
    }
    this.#at++;
    return Object.fromEntries(entries);
  }

  #array(): Json {
    const items: Json[] = [];
    for (;;) {
      this.#skipSpace(',');
      const next = this.#text[this.#at];
      if (next === undefined) throw this.#unexpected();
      if (next === ']') break;
      items.push(this.#value(',]'));
    }
    this.#at++;
    return items;
  }

  #quoted(quote: string): string {
    const start = ++this.#at;
    while (this.#text[this.#at] !== quote) {
      if (this.#text[this.#at] === '\\') this.#at++;
      if (this.#at >= this.#text.length) throw this.#unexpected();
      this.#at++;
    }
    const written = this.#text.slice(start, this.#at);
    const value = written.includes('\\') ? this.#withoutEscapes(start, this.#at) : written;
    this.#at++;
    return value;
  }

  /** Where a string has an escape, control characters are left out of it, and escapes that mean nothing. */
  #withoutEscapes(start: number, end: number): string {
    let value = '';
    for (this.#at = start; this.#at < end; this.#at++) {
      const char = this.#text[this.#at] ?? '';
      if (char !== '\\') {
        if (char >= ' ' && char !== '\u007f') value += char;
        continue;
      }
      const escaped = this.#text[++this.#at] ?? '';
      if (escaped === 'u') value += this.#hex(4);
      else if (escaped === 'x') value += this.#hex(2);
      else value += ITSELF.includes(escaped) ? escaped : (ESCAPES[escaped] ?? '');
    }
    return value;
  }

  #hex(digits: number): string {
    const code = this.#text.slice(this.#at + 1, this.#at + 1 + digits);
    if (code.length < digits || /[^\da-fA-F]/.test(code)) throw this.#unexpected();
    this.#at += digits;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  #bareWord(stops: string): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !stops.includes(this.#text[this.#at] as string)) this.#at++;
    return trim(this.#text.slice(start, this.#at));
  }

  #skipSpace(also = ''): void {
    while (this.#at < this.#text.length && `${also} \t\r\n`.includes(this.#text[this.#at] as string)) this.#at++;
  }

  #unexpected(): MalformedJson {
    const char = this.#text[this.#at];
    return new MalformedJson(
      char === undefined
        ? `Unexpected End Of File position ${this.#at}`
        : `Unexpected character (${char}) at position ${this.#at}`,
    );
  }
}

const INTERRUPTED_NUMBER = /((?=[-\d])-?\d*(?:\.\d*)?(?:[eE][+-]?\d+)?)[ \t\r\n]*(?=[~-\uffff])/y;
