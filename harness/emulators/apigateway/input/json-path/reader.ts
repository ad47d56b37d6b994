import { JsonPathError } from './tokens.ts';

/**
 * A path that ends too early, a number or a pattern that cannot be read: in Java another exception than a path that is
 * wrong, after which nothing else is tried.
 */
export class UnreadablePath extends JsonPathError {}

/**
 * A place in a path, as Jayway's parser moves over it. Blanks are spaces only. The end can be brought nearer, while what
 * stands behind it can still be looked at.
 */
export class PathReader {
  readonly text: string;
  at = 0;
  #last: number;

  constructor(text: string) {
    this.text = text;
    this.#last = text.length - 1;
  }

  get length(): number {
    return this.#last + 1;
  }

  get inBounds(): boolean {
    return this.isWithin(this.at);
  }

  /** Nothing stands behind the current character. */
  get isTail(): boolean {
    return this.at >= this.#last;
  }

  /** The current character; fails past the end. */
  get current(): string {
    return this.charAt(this.at);
  }

  get lastChar(): string {
    return this.charAt(this.#last);
  }

  isWithin(index: number): boolean {
    return index >= 0 && index <= this.#last;
  }

  charAt(index: number): string {
    return this.text[index] ?? this.#pastTheEnd();
  }

  #pastTheEnd(): never {
    throw new UnreadablePath(`The JSONPath "${this.text}" ends too early`);
  }

  dropLast(): void {
    this.#last--;
  }

  skipBlanks(): this {
    while (this.at < this.#last && this.current === ' ') this.at++;
    return this;
  }

  trim(): this {
    this.skipBlanks();
    while (this.at < this.#last && this.lastChar === ' ') this.#last--;
    return this;
  }

  /** Index of the next character after `from` that is no blank; past the end if there is none. */
  significantAfter(from = this.at): number {
    let index = from + 1;
    while (this.isWithin(index) && this.charAt(index) === ' ') index++;
    return index;
  }

  /** The next character after `from` that is no blank; a blank if there is none. */
  significant(from = this.at): string {
    const index = this.significantAfter(from);
    return this.isWithin(index) ? this.charAt(index) : ' ';
  }

  significantBefore(from = this.at): number {
    let index = from - 1;
    while (this.isWithin(index) && this.charAt(index) === ' ') index--;
    return this.isWithin(index) ? index : -1;
  }

  indexOf(wanted: string, from: number): number {
    const index = this.text.indexOf(wanted, from);
    return this.isWithin(index) ? index : -1;
  }

  /** Of the next `wanted` after `from` that no backslash escapes; -1 if there is none. */
  unescaped(wanted: string, from = this.at): number {
    for (let index = from + 1; this.isWithin(index); index++) {
      const char = this.charAt(index);
      if (char === '\\') index++;
      else if (char === wanted) return index;
    }
    return -1;
  }

  /** Of the bracket that closes the one at `from`; strings, and patterns if asked for, are passed over. */
  closing(from: number, open: string, close: string, overPatterns: boolean): number {
    let opened = 1;
    for (let index = from + 1; this.isWithin(index); index++) {
      for (const quotes of overPatterns ? [`'"`, '/'] : [`'"`]) {
        const char = this.charAt(index);
        if (!quotes.includes(char)) continue;
        index = this.unescaped(char, index);
        if (index === -1) this.fail(`has a ${char} that is not closed`);
        index++;
      }
      const char = this.charAt(index);
      if (char === open) opened++;
      if (char === close && --opened === 0) return index;
    }
    return -1;
  }

  slice(from: number, to: number): string {
    return this.text.slice(from, to);
  }

  fail(what: string): never {
    throw new JsonPathError(`The JSONPath "${this.text}" ${what}`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { r: '\r', f: '\f', t: '\t', n: '\n', b: '\b' };

/** Backslashes taken for what they stand for; `\uXXXX` too. */
export function withoutEscapes(text: string): string {
  return text.replace(/\\(?:u([\s\S]{4})|u[\s\S]{0,3}$|([\s\S]))/g, (_whole, hex?: string, char?: string) => {
    if (char !== undefined) return ESCAPES[char] ?? char;
    if (hex === undefined) return '';
    if (!/^[+-]?[0-9a-fA-F]+$/.test(hex)) throw new JsonPathError(`Unable to parse unicode value: ${hex}`);
    return String.fromCharCode(Number.parseInt(hex, 16));
  });
}
