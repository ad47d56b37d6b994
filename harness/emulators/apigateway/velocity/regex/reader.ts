import { JavaException } from '../error.ts';
import { CLASSES, type CodeSet, known, property } from './code-set.ts';

/** The flags that can be set within a pattern; `U` (classes of Unicode) is refused. */
const FLAGS = 'imsdux';

/** A place in a pattern. `peek` and `next` pass over blanks and notes where the flag `x` (COMMENTS) is set. */
export class PatternReader {
  readonly #written: string;
  readonly #pattern: string;
  #at = 0;
  flags: ReadonlySet<string> = new Set();

  constructor(pattern: string) {
    this.#written = pattern;
    this.#pattern = withoutQuoting(pattern);
  }

  get atEnd(): boolean {
    this.#skipNotes();
    return this.#at >= this.#pattern.length;
  }

  /** False for what is no flag. */
  setFlag(flag: string, on: boolean): boolean {
    if (flag === 'U') this.unsupported('the flag (?U)');
    if (!FLAGS.includes(flag) || flag === '') return false;
    const flags = new Set(this.flags);
    if (on) flags.add(flag);
    else flags.delete(flag);
    this.flags = flags;
    return true;
  }

  /** The next UTF-16 unit, empty at the end. */
  peek(): string {
    this.#skipNotes();
    return this.#pattern[this.#at] ?? '';
  }

  next(): string {
    const unit = this.peek();
    this.#at++;
    return unit;
  }

  nextCodePoint(): number {
    this.#skipNotes();
    return this.codePointAsItStands();
  }

  /** The next character, also a blank that would be a note. */
  codePointAsItStands(): number {
    const code = this.#pattern.codePointAt(this.#at) ?? 0;
    this.#at += code > 0xffff ? 2 : 1;
    return code;
  }

  take(text: string): boolean {
    this.#skipNotes();
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  skip(units: number): void {
    this.#at += units;
  }

  /** What stands right after the backslash that is next. */
  afterBackslash(): string {
    const letter = this.#pattern[this.#at + 1];
    if (letter === undefined) this.fail('Unexpected internal error');
    return letter ?? '';
  }

  /** What stands right after the unit that is next. */
  peekSecond(): string {
    return this.#pattern[this.#at + 1] ?? '';
  }

  takeDigits(): string {
    const digits = /^[0-9]*/.exec(this.#pattern.slice(this.#at, this.#at + 20))?.[0] ?? '';
    this.#at += digits.length;
    return digits;
  }

  /** What a sticky pattern matches here; moves over it. */
  takeMatch(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#pattern);
    if (match !== null) this.#at += match[0].length;
    return match;
  }

  groupName(): string {
    const name = this.takeMatch(/([a-zA-Z][a-zA-Z0-9]*)>/y)?.[1];
    return name ?? this.fail('capturing group name does not start with a Latin letter or is not closed by ">"');
  }

  /** `\d`, `\H`, `\p{…}` and the like; undefined, without moving, for any other escape. */
  classEscape(): CodeSet | undefined {
    const letter = this.afterBackslash();
    const source = CLASSES[letter.toLowerCase()];
    if (source !== undefined) {
      this.#at += 2;
      const set = known(source);
      return letter === letter.toLowerCase() ? set : set.complement();
    }
    if (letter !== 'p' && letter !== 'P') return undefined;
    this.#at += 2;
    const written = this.takeMatch(/\{([^}]*)\}|([^{])/uy) ?? this.fail('Unknown character property name');
    const name = written[1] ?? written[2] ?? '';
    const set = property(this.flags.has('i') ? (CASELESS[name] ?? name) : name);
    if (set === undefined) return this.unsupported(`the property {${name}}`);
    return letter === 'p' ? set : set.complement();
  }

  fail(message: string): never {
    const where = `near index ${Math.min(this.#at, this.#pattern.length)} of ${JSON.stringify(this.#written)}`;
    throw new JavaException('java.util.regex.PatternSyntaxException', `${message} ${where}`);
  }

  unsupported(what: string): never {
    return this.fail(`naetmul does not emulate ${what}`);
  }

  #skipNotes(): void {
    if (this.flags.has('x')) this.takeMatch(/(?:[ \t-\r]+|#[^\n\r\u0085\u2028\u2029]*)+/y);
  }
}

/** Properties of letters of one case, without regard to case. */
const CASELESS: Readonly<Record<string, string>> = { Lu: 'LC', Ll: 'LC', Lt: 'LC', Lower: 'Alpha', Upper: 'Alpha' };

/** `\Q…\E` written with a backslash before each character instead, as Java does before it reads a pattern. */
function withoutQuoting(pattern: string): string {
  if (!pattern.includes('\\Q')) return pattern;
  return pattern.replace(/\\Q([\s\S]*?)(?:\\E|$)|\\[\s\S]/g, (whole: string, quoted: string | undefined) => {
    return quoted === undefined ? whole : quoted.replace(/[\0-\x7f]/g, escapeUnit);
  });
}

function escapeUnit(unit: string): string {
  if (/[a-zA-Z]/.test(unit)) return unit;
  return /[0-9]/.test(unit) ? `\\x3${unit}` : `\\${unit}`;
}

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

/** The character that an escape stands for where it stands for one; moves over it. */
export function codePointOfEscape(reader: PatternReader): number {
  const letter = reader.afterBackslash();
  const control = CONTROLS[letter];
  if (control !== undefined) {
    reader.skip(2);
    return control;
  }
  switch (letter) {
    case '0': {
      const digits = reader.takeMatch(/\\0([0-3][0-7][0-7]|[0-7][0-7]?)/y)?.[1];
      return digits === undefined ? reader.fail('Illegal octal escape sequence') : Number.parseInt(digits, 8);
    }
    case 'x': {
      const digits = reader.takeMatch(/\\x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/y);
      const code = Number.parseInt(digits?.[1] ?? digits?.[2] ?? '', 16);
      if (Number.isNaN(code)) reader.fail('Illegal hexadecimal escape sequence');
      return code > 0x10ffff ? reader.fail('Hexadecimal codepoint is too big') : code;
    }
    case 'u':
      return unicodeEscape(reader);
    case 'c': {
      const unit = reader.takeMatch(/\\c([\s\S])/y)?.[1];
      return unit === undefined ? reader.fail('Illegal control escape sequence') : unit.charCodeAt(0) ^ 64;
    }
  }
  if (/[a-zA-Z1-9]/.test(letter)) reader.fail('Illegal/unsupported escape sequence');
  reader.skip(1);
  return reader.codePointAsItStands();
}

function unicodeEscape(reader: PatternReader): number {
  const digits = reader.takeMatch(/\\u([0-9a-fA-F]{4})/y)?.[1];
  if (digits === undefined) return reader.fail('Illegal Unicode escape sequence');
  const code = Number.parseInt(digits, 16);
  if ((code & 0xfc00) !== 0xd800) return code;
  const low = reader.takeMatch(/\\u([dD][c-fC-F][0-9a-fA-F]{2})/y)?.[1];
  return low === undefined ? code : (code - 0xd800) * 0x400 + (Number.parseInt(low, 16) - 0xdc00) + 0x10000;
}
