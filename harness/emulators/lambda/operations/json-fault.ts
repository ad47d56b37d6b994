import { isUtf8 } from 'node:buffer';

/**
 * What Lambda's JSON parser (Jackson) says of bytes that are no JSON; undefined when they are. Its words are known
 * for what AWS was seen to answer and otherwise follow Jackson's messages.
 */
export function jsonFault(bytes: Buffer): string | undefined {
  if (isJson(bytes)) return undefined;
  try {
    new Scanner(bytes).scan();
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
  return 'Unexpected input';
}

const EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const SOURCE = '[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)';

class Fault extends Error {}

function isJson(bytes: Buffer): boolean {
  if (!isUtf8(bytes)) return false;
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Reads byte by byte, so that places are Jackson's. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#text = bytes.toString('latin1');
  }

  scan(): void {
    this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#value();
  }

  #value(): void {
    const next = this.#space();
    if (next === '{') this.#list('}', 'Object', () => this.#member());
    else if (next === '[') this.#list(']', 'Array', () => this.#value());
    else if (next === '"') this.#string();
    else if (next === '-' || /\d/.test(next)) this.#number();
    else if (/[A-Za-z_$]/.test(next)) this.#token();
    else this.#unexpected(`expected a valid value ${EXPECTED}`);
  }

  #list(end: string, kind: string, item: () => void): void {
    this.#at++;
    if (this.#space() === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      const next = this.#space();
      if (next !== end && next !== ',') this.#unexpected(`was expecting comma to separate ${kind} entries`);
      this.#at++;
      if (next === end) return;
    }
  }

  #member(): void {
    if (this.#space() !== '"') this.#unexpected('was expecting double-quote to start field name');
    this.#string();
    if (this.#space() !== ':') this.#unexpected('was expecting a colon to separate field name and value');
    this.#at++;
    this.#value();
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined) this.#fail('Unexpected end-of-input: was expecting closing quote for a string value');
      if (next === '"') break;
      if (next < ' ') {
        this.#fail(
          `Illegal unquoted character (${described(next)}): has to be escaped using backslash to be included in string value`,
        );
      }
      if (next === '\\') {
        this.#at++;
        const escaped = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(this.#text.slice(this.#at, this.#at + 5));
        if (!escaped) this.#fail(`Unrecognized character escape ${described(this.#text[this.#at] ?? '')}`);
        this.#at += escaped[0].length;
      } else this.#character();
    }
    this.#at++;
  }

  #number(): void {
    const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(this.#text.slice(this.#at));
    this.#at += number?.[0].length ?? 1;
    const next = this.#text[this.#at] ?? '';
    if (!number) this.#unexpected('expected digit (0-9) to follow minus sign, for valid numeric value');
    if (/[\w.]/.test(next)) this.#unexpected('Expected space separating root-level values');
  }

  #token(): void {
    const from = this.#at;
    while (/[\w$\x80-\xff]/.test(this.#text[this.#at] ?? '')) this.#character();
    const word = this.#text.slice(from, this.#at);
    if (/^(?:true|false|null)$/.test(word)) return;
    const text = Buffer.from(word, 'latin1').toString('utf8');
    this.#fail(`Unrecognized token '${text}': was expecting ${EXPECTED}`);
  }

  /** Steps over one character of UTF-8. A byte that is none is told once it has been read. */
  #character(): void {
    const byte = this.#text.charCodeAt(this.#at++);
    if (byte < 0x80) return;
    if (byte < 0xc0 || byte > 0xf7) this.#fail(`Invalid UTF-8 start byte 0x${byte.toString(16)}`);
    for (let left = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3; left > 0; left--) {
      const follow = this.#text.charCodeAt(this.#at++);
      if ((follow & 0xc0) !== 0x80) this.#fail(`Invalid UTF-8 middle byte 0x${follow.toString(16)}`);
    }
  }

  /** The character after white space. */
  #space(): string {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#text[this.#at] ?? '';
  }

  #unexpected(expected: string): never {
    if (this.#at >= this.#text.length) this.#fail('Unexpected end-of-input');
    this.#fail(`Unexpected character (${described(this.#text[this.#at] as string)}): ${expected}`);
  }

  #fail(what: string): never {
    const lines = this.#text.slice(0, this.#at).split('\n');
    const column = (lines.at(-1) as string).length + 1;
    throw new Fault(`${what}\n at ${SOURCE}; line: ${lines.length}, column: ${column}]`);
  }
}

/** `'}' (code 125)`, as Jackson writes it. */
function described(char: string): string {
  const code = char.charCodeAt(0);
  const isControl = code < 32 || (code >= 127 && code < 160);
  return isControl ? `(CTRL-CHAR, code ${code})` : `'${char}' (code ${code})`;
}
