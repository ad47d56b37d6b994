/** A set of code points, as a character class of java.util.regex is one. */
export class CodeSet {
  readonly #contains: (code: number) => boolean;
  /** What the first 256 code points answer: most of what is ever asked. */
  readonly #latin: Uint8Array | undefined;

  constructor(contains: (code: number) => boolean) {
    this.#contains = contains;
    const latin = new Uint8Array(256);
    for (let code = 0; code < 256; code++) latin[code] = contains(code) ? 1 : 0;
    this.#latin = latin;
  }

  has(code: number): boolean {
    return code < 256 ? this.#latin?.[code] === 1 : this.#contains(code);
  }

  union(other: CodeSet): CodeSet {
    return new CodeSet((code) => this.has(code) || other.has(code));
  }

  intersection(other: CodeSet): CodeSet {
    return new CodeSet((code) => this.has(code) && other.has(code));
  }

  complement(): CodeSet {
    return new CodeSet((code) => !this.has(code));
  }
}

export function single(code: number, fold: Fold): CodeSet {
  const folded = fold(code);
  return new CodeSet((other) => other === code || fold(other) === folded);
}

export function range(from: number, to: number, fold: Fold): CodeSet {
  const within = (code: number): boolean => from <= code && code <= to;
  if (fold === exact) return new CodeSet(within);
  // Java asks for the upper and the lower case of what stands in the text.
  return new CodeSet((code) => within(code) || otherCases(code, fold).some(within));
}

function otherCases(code: number, fold: Fold): number[] {
  if (fold === foldAscii && code > 0x7f) return [];
  const text = String.fromCodePoint(code);
  return [text.toUpperCase(), text.toLowerCase()].filter((other) => other.length === text.length).map(codeOf);
}

const codeOf = (text: string): number => text.codePointAt(0) ?? 0;

/** What makes two code points one without regard to case. */
export type Fold = (code: number) => number;

export const exact: Fold = (code) => code;

/** Java's CASE_INSENSITIVE alone looks at ASCII only. */
export const foldAscii: Fold = (code) => (code >= 0x41 && code <= 0x5a ? code + 32 : code);

/** With UNICODE_CASE: the lower case of the upper case, where each is one character. */
export const foldUnicode: Fold = (code) => {
  if (code < 0x80) return foldAscii(code);
  const text = String.fromCodePoint(code);
  const upper = text.toUpperCase();
  const kept = [...upper].length === 1 ? upper : text;
  const lower = kept.toLowerCase();
  return [...lower].length === 1 ? codeOf(lower) : codeOf(kept);
};

function ofRegExp(source: string): CodeSet {
  const pattern = new RegExp(`^[${source}]$`, 'u');
  return new CodeSet((code) => pattern.test(String.fromCodePoint(code)));
}

const remembered = new Map<string, CodeSet>();

/** A set written as JavaScript writes what stands within brackets. */
export function known(source: string): CodeSet {
  const set = remembered.get(source) ?? ofRegExp(source);
  remembered.set(source, set);
  return set;
}

/** The predefined classes by letter; in upper case the complement. */
export const CLASSES: Readonly<Record<string, string>> = {
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
  all: '\\u{0}-\\u{10ffff}',
  LC: '\\p{Lu}\\p{Ll}\\p{Lt}',
  LD: '\\p{L}\\p{Nd}',
  L1: '\\x00-\\xff',
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaTitleCase: '\\p{Lt}',
  javaDigit: '\\p{Nd}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  javaAlphabetic: '\\p{Alphabetic}',
  javaSpaceChar: '\\p{Z}',
};

/** Unicode's binary properties as Java names them, after `Is`, in capitals. */
const BINARY: Readonly<Record<string, string>> = {
  ALPHABETIC: '\\p{Alphabetic}',
  IDEOGRAPHIC: '\\p{Ideographic}',
  LETTER: '\\p{L}',
  LOWERCASE: '\\p{Lowercase}',
  UPPERCASE: '\\p{Uppercase}',
  TITLECASE: '\\p{Lt}',
  WHITE_SPACE: '\\p{White_Space}',
  WHITESPACE: '\\p{White_Space}',
  CONTROL: '\\p{Cc}',
  PUNCTUATION: '\\p{P}',
  HEX_DIGIT: '\\p{Nd}0-9a-fA-F\\uff10-\\uff19\\uff21-\\uff26\\uff41-\\uff46',
  HEXDIGIT: '\\p{Nd}0-9a-fA-F\\uff10-\\uff19\\uff21-\\uff26\\uff41-\\uff46',
  ASSIGNED: '\\P{Cn}',
  NONCHARACTER_CODE_POINT: '\\p{Noncharacter_Code_Point}',
  DIGIT: '\\p{Nd}',
  ALNUM: '\\p{Alphabetic}\\p{Nd}',
  JOIN_CONTROL: '\\u200c\\u200d',
};

/** `\p{name}`; undefined for a name that is not known. */
export function property(name: string): CodeSet | undefined {
  if (Object.hasOwn(POSIX, name)) return known(POSIX[name] ?? '');
  const category = /^(?:Is|(?:gc|general_category)=)?([LMNPSZC][a-z]?)$/i.exec(name)?.[1];
  const script = /^(?:Is|(?:sc|script)=)(.+)$/i.exec(name)?.[1];
  const binary = /^Is(.+)$/.exec(name)?.[1]?.toUpperCase();
  if (binary !== undefined && Object.hasOwn(BINARY, binary)) return known(BINARY[binary] ?? '');
  return (category && unicode(category)) || (script && unicode(`Script=${titleCase(script)}`)) || undefined;
}

function unicode(name: string): CodeSet | undefined {
  try {
    return known(`\\p{${name}}`);
  } catch {
    return undefined;
  }
}

const titleCase = (name: string): string =>
  name.toLowerCase().replace(/(^|_)([a-z])/g, (_all, before: string, letter: string) => before + letter.toUpperCase());
