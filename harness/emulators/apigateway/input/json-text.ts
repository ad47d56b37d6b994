import { doubleToString } from '../velocity/text.ts';

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

/** Digits that a JavaScript number might not give back as they were. */
const DELICATE_NUMBER = /\d{16}|\d\.\d|\d[eE]|-0/;

/** The body's value; an empty body is an empty object. Throws `MalformedJson`. */
export function readJson(text: string): Json {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  try {
    const value = DELICATE_NUMBER.test(trimmed) ? native.parse(trimmed, keepNumber) : native.parse(trimmed);
    checkDepth(trimmed);
    return value;
  } catch (error) {
    if (error instanceof MalformedJson) throw error;
    return new PermissiveReader(trimmed).read();
  }
}

function keepNumber(_key: string, value: Json, { source }: { source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return numberOf(source);
}

function numberOf(source: string): Json {
  if (/^-?\d+$/.test(source)) return native.rawJSON(source === '-0' ? '0' : source);
  const value = Number(source);
  return Number.isFinite(value) ? native.rawJSON(doubleToString(value)) : source;
}

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

class PermissiveReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Json {
    const first = this.#text[0];
    // A bare word that is the whole document runs to its end.
    return first === '{' || first === '[' || first === '"' || first === "'" ? this.#value() : this.#text;
  }

  #value(): Json {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next === '{') return this.#nested(() => this.#object());
    if (next === '[') return this.#nested(() => this.#array());
    if (next === '"' || next === "'") return this.#quoted(next);
    const word = this.#bareWord(',]}');
    if (word === '') throw this.#unexpected();
    if (word === 'null') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(word) ? numberOf(word.replace(/^(-?)0+(?=\d)/, '$1')) : word;
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
      const key = next === '"' || next === "'" ? this.#quoted(next) : this.#bareWord(':');
      this.#skipSpace();
      if (this.#text[this.#at] !== ':') throw this.#unexpected();
      this.#at++;
      entries.push([key, this.#value()]);
      this.#afterItem('}');
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
      items.push(this.#value());
      this.#afterItem(']');
    }
    this.#at++;
    return items;
  }

  #afterItem(end: string): void {
    this.#skipSpace();
    const next = this.#text[this.#at];
    if (next !== ',' && next !== end) throw this.#unexpected();
  }

  #quoted(quote: string): string {
    let value = '';
    for (this.#at++; ; this.#at++) {
      const char = this.#text[this.#at];
      if (char === undefined) throw this.#unexpected();
      if (char === quote) break;
      if (char !== '\\') {
        value += char;
        continue;
      }
      const escaped = this.#text[++this.#at] ?? '';
      if (escaped !== 'u') {
        value += ESCAPES[escaped] ?? escaped;
        continue;
      }
      const code = this.#text.slice(this.#at + 1, this.#at + 5);
      if (!/^[\da-fA-F]{4}$/.test(code)) throw this.#unexpected();
      value += String.fromCharCode(Number.parseInt(code, 16));
      this.#at += 4;
    }
    this.#at++;
    return value;
  }

  #bareWord(stops: string): string {
    const start = this.#at;
    while (this.#at < this.#text.length && !stops.includes(this.#text[this.#at] as string)) this.#at++;
    return this.#text.slice(start, this.#at).trim();
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
