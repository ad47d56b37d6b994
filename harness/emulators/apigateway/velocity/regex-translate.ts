import { JavaException } from './error.ts';

/** Java's line terminators, one of which `$` and `\Z` may stand before. */
const LAST_TERMINATOR = '(?:\\r\\n|[\\n\\r\\u0085\\u2028\\u2029])?';
const START = '(?<![\\s\\S])';
const END = '(?![\\s\\S])';

const OUTSIDE: Readonly<Record<string, string>> = {
  A: START,
  z: END,
  Z: `(?=${LAST_TERMINATOR}${END})`,
  b: '\\b',
  B: '\\B',
  R: '(?:\\r\\n|[\\n\\x0b\\f\\r\\u0085\\u2028\\u2029])',
};

/** Classes by letter, written so that they can stand within brackets. */
const CLASSES: Readonly<Record<string, string>> = {
  d: '0-9',
  w: 'a-zA-Z_0-9',
  s: ' \\t\\n\\x0b\\f\\r',
  h: ' \\t\\xa0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000',
  v: '\\n\\x0b\\f\\r\\u0085\\u2028\\u2029',
};

const POSIX: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7f',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\x0b\\f\\r',
};

const CONTROLS: Readonly<Record<string, string>> = {
  t: '\\t',
  n: '\\n',
  r: '\\r',
  f: '\\f',
  a: '\\x07',
  e: '\\x1b',
};

/**
 * A pattern of java.util.regex as one of JavaScript with the flag `u`. What has no counterpart of the same meaning
 * (possessive quantifiers, atomic groups, intersections of classes, flags other than i, s and m) is refused by a
 * PatternSyntaxException that names it.
 */
export function translate(pattern: string): string {
  return new Translator(pattern).run();
}

class Translator {
  readonly #pattern: string;
  #at = 0;
  #dotAll = false;
  #multiline = false;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  run(): string {
    let result = '';
    let suffix = '';
    const flags = /^\(\?([a-z]+)\)/.exec(this.#pattern);
    if (flags !== null) {
      this.#at = flags[0].length;
      const letters = this.#flags(flags[1] ?? '');
      if (letters !== '') {
        result = `(?${letters}:`;
        suffix = ')';
      }
    }
    while (this.#at < this.#pattern.length) result += this.#item();
    return result + suffix;
  }

  /** The flags JavaScript's modifiers are to carry; s and m are translated away. */
  #flags(letters: string): string {
    for (const letter of letters) {
      if (letter === 's') this.#dotAll = true;
      else if (letter === 'm') this.#multiline = true;
      else if (letter !== 'i' && letter !== 'u') this.#unsupported(`the flag (?${letter})`);
    }
    return letters.includes('i') ? 'i' : '';
  }

  #item(): string {
    const unit = this.#pattern[this.#at] ?? '';
    switch (unit) {
      case '\\':
        return this.#escape(false);
      case '[':
        return this.#class();
      case '(':
        return this.#group();
      case '.':
        this.#at++;
        return this.#dotAll ? '[\\s\\S]' : '[^\\n\\r\\u0085\\u2028\\u2029]';
      case '^':
        this.#at++;
        return this.#multiline ? '(?:(?<![\\s\\S])|(?<=[\\n\\u0085\\u2028\\u2029]|\\r(?!\\n))(?=[\\s\\S]))' : START;
      case '$':
        this.#at++;
        return this.#multiline ? '(?=[\\n\\r\\u0085\\u2028\\u2029]|(?![\\s\\S]))' : `(?=${LAST_TERMINATOR}${END})`;
      case '*':
      case '+':
      case '?':
      case '{':
        return this.#quantifier();
      case ']':
      case '}':
        this.#at++;
        return `\\${unit}`;
      default:
        return this.#character();
    }
  }

  #character(): string {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }

  #quantifier(): string {
    const quantifier = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(this.#pattern.slice(this.#at))?.[0];
    if (quantifier === undefined) return this.#wrong('Illegal repetition');
    this.#at += quantifier.length;
    if (this.#pattern[this.#at] === '+') this.#unsupported(`the possessive quantifier ${quantifier}+`);
    return quantifier;
  }

  #group(): string {
    const opening =
      /^\((?:\?(?:[:=!]|<[=!]|<[a-zA-Z][a-zA-Z0-9]*>|>|[a-z-]*[:)]?))?/.exec(this.#pattern.slice(this.#at))?.[0] ?? '(';
    this.#at += opening.length;
    if (opening === '(?>') this.#unsupported('the atomic group (?>…)');
    if (/^\(\?[a-z-]+\)$/.test(opening)) this.#unsupported(`the flag ${opening} within a pattern`);
    if (/^\(\?[a-z-]+:$/.test(opening) && opening !== '(?i:') this.#unsupported(`the flag group ${opening}…)`);
    return opening;
  }

  /** After a backslash; `inClass` within brackets, where the result must be able to stand. */
  #escape(inClass: boolean): string {
    this.#at++;
    const letter = this.#pattern[this.#at] ?? '';
    if (letter === '') return this.#wrong('Unexpected internal error');
    if (letter === 'Q') return this.#quoted();
    if (letter === 'p' || letter === 'P') return this.#property(letter === 'P', inClass);
    if (letter === 'x' || letter === 'u' || letter === '0' || letter === 'c') return this.#codePoint(letter);
    if (letter === 'k' && !inClass) return this.#backReference();
    this.#at++;
    const set = CLASSES[letter.toLowerCase()];
    if (set !== undefined) return this.#set(set, letter !== letter.toLowerCase(), inClass);
    if (!inClass && Object.hasOwn(OUTSIDE, letter)) return OUTSIDE[letter] ?? '';
    if (Object.hasOwn(CONTROLS, letter)) return CONTROLS[letter] ?? '';
    if (/[1-9]/.test(letter) && !inClass) return `\\${letter}`;
    if (/[a-zA-Z0-9]/.test(letter)) return this.#wrong(`Illegal/unsupported escape sequence \\${letter}`);
    this.#at--;
    return quote(this.#character());
  }

  #set(set: string, negated: boolean, inClass: boolean): string {
    if (!inClass) return `[${negated ? '^' : ''}${set}]`;
    if (!negated) return set;
    const letters = Object.entries({ D: CLASSES.d, W: CLASSES.w, S: CLASSES.s });
    const letter = letters.find(([, known]) => known === set)?.[0];
    // JavaScript's \D and \W are Java's; its \S also leaves out Java's non-ASCII blanks.
    return letter === 'D' || letter === 'W'
      ? `\\${letter}`
      : this.#unsupported('a negated class of blanks within brackets');
  }

  #quoted(): string {
    const start = this.#at + 1;
    const end = this.#pattern.indexOf('\\E', start);
    this.#at = end === -1 ? this.#pattern.length : end + 2;
    return quote(this.#pattern.slice(start, end === -1 ? undefined : end));
  }

  #property(negated: boolean, inClass: boolean): string {
    const written = /^(?:\{([^}]*)\}|([A-Z]))/.exec(this.#pattern.slice(this.#at + 1));
    if (written === null) return this.#wrong('Unknown character property name');
    this.#at += 1 + written[0].length;
    const name = written[1] ?? written[2] ?? '';
    const posix = POSIX[name];
    if (posix !== undefined) {
      if (!inClass) return `[${negated ? '^' : ''}${posix}]`;
      return negated ? this.#unsupported(`\\P{${name}} within brackets`) : posix;
    }
    const letter = negated ? 'P' : 'p';
    if (/^(?:Is)?(?:[LMNPSZC][a-z]?)$/.test(name)) return `\\${letter}{${name.replace(/^Is/, '')}}`;
    const script = /^(?:Is|script=|sc=)([A-Z][a-z_A-Z]*)$/.exec(name)?.[1];
    return script === undefined ? this.#unsupported(`the property {${name}}`) : `\\${letter}{Script=${script}}`;
  }

  #codePoint(letter: string): string {
    const rest = this.#pattern.slice(this.#at);
    const [pattern, radix] = CODE_POINTS[letter] ?? [/^$/, 16];
    const written = pattern.exec(rest);
    if (written === null) return this.#wrong(`Illegal escape sequence \\${letter}`);
    this.#at += written[0].length;
    const digits = written[1] ?? written[2] ?? '';
    const code = radix === 0 ? (digits.codePointAt(0) ?? 0) ^ 64 : Number.parseInt(digits, radix);
    return code > 0x10ffff ? this.#wrong('Hexadecimal codepoint is too big') : `\\u{${code.toString(16)}}`;
  }

  #backReference(): string {
    const written = /^k<[a-zA-Z][a-zA-Z0-9]*>/.exec(this.#pattern.slice(this.#at))?.[0];
    if (written === undefined) return this.#wrong("\\k is not followed by '<' for named capturing group");
    this.#at += written.length;
    return `\\${written}`;
  }

  #class(): string {
    this.#at++;
    let result = '[';
    if (this.#pattern[this.#at] === '^') {
      result += '^';
      this.#at++;
    }
    let first = true;
    for (;;) {
      const unit = this.#pattern[this.#at];
      if (unit === undefined) return this.#wrong('Unclosed character class');
      if (unit === ']' && !first) break;
      if (unit === '[') this.#unsupported('a class within a class');
      if (unit === '&' && this.#pattern[this.#at + 1] === '&') this.#unsupported('an intersection of classes (&&)');
      result += unit === '\\' ? this.#escape(true) : unit === '-' ? this.#hyphen(first) : quote(this.#character());
      first = false;
    }
    this.#at++;
    return `${result}]`;
  }

  /** A hyphen at either end of a class is itself. */
  #hyphen(first: boolean): string {
    this.#at++;
    return first || this.#pattern[this.#at] === ']' ? '\\-' : '-';
  }

  #wrong(message: string): never {
    const where = `near index ${this.#at} of ${JSON.stringify(this.#pattern)}`;
    throw new JavaException('java.util.regex.PatternSyntaxException', `${message} ${where}`);
  }

  #unsupported(what: string): never {
    return this.#wrong(`naetmul does not emulate ${what}`);
  }
}

const CODE_POINTS: Readonly<Record<string, readonly [pattern: RegExp, radix: number]>> = {
  x: [/^x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/, 16],
  u: [/^u([0-9a-fA-F]{4})/, 16],
  '0': [/^0([0-3]?[0-7]{1,2})/, 8],
  c: [/^c(.)/s, 0],
};

/** Every character that could mean something, escaped. */
function quote(text: string): string {
  return text.replace(/[\^$\\.*+?()[\]{}|/-]/g, (unit) => (unit === '-' ? '\\u{2d}' : `\\${unit}`));
}
