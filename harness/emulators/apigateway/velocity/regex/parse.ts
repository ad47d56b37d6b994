import {
  afterLastMatch,
  atBoundary,
  atEnd,
  atLineEnd,
  atLineStart,
  atNoBoundary,
  atStart,
  beforeEnd,
  isHigh,
  isLow,
} from './assertions.ts';
import { CLASSES, CodeSet, exact, type Fold, foldAscii, foldUnicode, known, single } from './code-set.ts';
import { parseClass } from './parse-class.ts';
import { codePointOfEscape, PatternReader } from './reader.ts';
import { type Assertion, hasKnownLength, type Item, type Syntax } from './syntax.ts';

/** Groups within groups; deeper patterns are refused before they can exhaust the stack. */
const MAX_DEPTH = 200;
/** The greatest count of `{n,m}`, Java's Integer.MAX_VALUE. */
const MAX_COUNT = 2 ** 31 - 1;

/** Reads a pattern as Java's `Pattern.compile(pattern, flags)` does; throws PatternSyntaxException as a JavaException. */
export function parsePattern(pattern: string, flags = ''): Syntax {
  return new Parser(new PatternReader(pattern), flags).parse();
}

class Parser {
  readonly #reader: PatternReader;
  readonly #names = new Map<string, number>();
  #groups = 0;
  #depth = 0;

  constructor(reader: PatternReader, flags: string) {
    this.#reader = reader;
    for (const flag of flags) reader.setFlag(flag, true);
  }

  parse(): Syntax {
    const item = this.#alternatives();
    if (!this.#reader.atEnd) this.#reader.fail("Unmatched closing ')'");
    return { item, groups: this.#groups, names: this.#names };
  }

  get #fold(): Fold {
    const { flags } = this.#reader;
    return flags.has('i') ? (flags.has('u') ? foldUnicode : foldAscii) : exact;
  }

  #alternatives(): Item {
    const branches = [this.#sequence()];
    while (this.#reader.take('|')) branches.push(this.#sequence());
    return branches.length === 1 ? (branches[0] as Item) : { kind: 'either', branches };
  }

  #sequence(): Item {
    const items: Item[] = [];
    for (;;) {
      const next = this.#reader.peek();
      if (next === '' || next === '|' || next === ')') break;
      const item = this.#item(next);
      if (item !== undefined) items.push(this.#quantified(item));
    }
    return items.length === 1 ? (items[0] as Item) : { kind: 'sequence', items };
  }

  /** Undefined for flags, which stand for nothing themselves. */
  #item(next: string): Item | undefined {
    const reader = this.#reader;
    const unixLines = reader.flags.has('d');
    switch (next) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'set', set: parseClass(reader, this.#fold) };
      case '\\':
        return this.#escape();
      case '.':
        reader.next();
        return { kind: 'set', set: dot(reader.flags.has('s'), unixLines) };
      case '^':
        reader.next();
        return assertion(reader.flags.has('m') ? atLineStart(unixLines) : atStart);
      case '$':
        reader.next();
        return assertion(reader.flags.has('m') ? atLineEnd(unixLines) : beforeEnd(unixLines));
      case '*':
      case '+':
      case '?':
        return reader.fail(`Dangling meta character '${next}'`);
      case '{':
        return NOTHING; // Java repeats nothing where nothing stands before
      default:
        return this.#literal(reader.nextCodePoint());
    }
  }

  #literal(code: number): Item {
    const fold = this.#fold;
    const plain = code < 0x10000 && !isHigh(code) && !isLow(code);
    if (plain && (fold === exact || !hasCases(code, fold))) return { kind: 'unit', unit: code };
    return { kind: 'set', set: single(code, fold) };
  }

  #quantified(item: Item): Item {
    const reader = this.#reader;
    const next = reader.peek();
    let [min, max] = [0, Number.POSITIVE_INFINITY];
    if (next === '?') max = 1;
    else if (next === '+') min = 1;
    else if (next === '{') [min, max] = this.#counts();
    else if (next !== '*') return item;
    reader.next();
    const mode = reader.take('?') ? 'lazy' : reader.take('+') ? 'possessive' : 'greedy';
    return { kind: 'repeat', item, min, max, mode };
  }

  /** `{n}`, `{n,}` or `{n,m}`, up to the brace that closes it. */
  #counts(): [min: number, max: number] {
    const reader = this.#reader;
    reader.next();
    const min = this.#count();
    if (min === undefined) return reader.fail('Illegal repetition');
    let max: number = min;
    if (reader.peek() === ',') {
      reader.next();
      const given = this.#count();
      if (given === undefined && reader.peek() !== '}') reader.fail('Illegal repetition');
      max = given ?? Number.POSITIVE_INFINITY;
    }
    if (reader.peek() !== '}') reader.fail('Unclosed counted closure');
    if (max < min) reader.fail('Illegal repetition range');
    return [min, max];
  }

  #count(): number | undefined {
    const digits = this.#reader.takeDigits();
    if (digits === '') return undefined;
    if (Number(digits) > MAX_COUNT) this.#reader.fail('Illegal repetition range');
    return Number(digits);
  }

  #group(): Item | undefined {
    const reader = this.#reader;
    reader.next();
    const flags = new Set(reader.flags);
    if (!reader.take('?')) {
      this.#groups++;
      return this.#inside(this.#groups, flags, (item, group) => ({ kind: 'capture', group, item }));
    }
    if (reader.take(':')) return this.#inside(0, flags, (item) => group(item));
    if (reader.take('>')) return this.#inside(0, flags, (item) => ({ kind: 'atomic', item }));
    for (const [written, negative] of [
      ['=', false],
      ['!', true],
    ] as const) {
      if (reader.take(written))
        return this.#inside(0, flags, (item) => ({ kind: 'look', ahead: true, negative, item }));
      if (reader.take(`<${written}`)) return this.#inside(0, flags, (item) => this.#behind(item, negative));
    }
    if (reader.take('<')) return this.#named(flags);
    return this.#flagged(flags);
  }

  #named(flags: ReadonlySet<string>): Item {
    const name = this.#reader.groupName();
    if (this.#names.has(name)) this.#reader.fail(`Named capturing group <${name}> is already defined`);
    this.#groups++;
    this.#names.set(name, this.#groups);
    return this.#inside(this.#groups, flags, (item, group) => ({ kind: 'capture', group, item }));
  }

  #flagged(before: ReadonlySet<string>): Item | undefined {
    const reader = this.#reader;
    let on = true;
    for (;;) {
      const next = reader.next();
      if (next === ')') return undefined;
      if (next === ':') return this.#inside(0, before, (item) => group(item));
      if (next === '-' && on) on = false;
      else if (!reader.setFlag(next, on)) reader.fail('Unknown inline modifier');
    }
  }

  #inside(number: number, flags: ReadonlySet<string>, make: (item: Item, group: number) => Item): Item {
    const reader = this.#reader;
    if (++this.#depth > MAX_DEPTH) reader.fail(`Groups are nested deeper than ${MAX_DEPTH} levels`);
    const item = make(this.#alternatives(), number);
    this.#depth--;
    if (!reader.take(')')) reader.fail('Unclosed group');
    reader.flags = flags;
    return item;
  }

  #behind(item: Item, negative: boolean): Item {
    if (!hasKnownLength(item)) {
      this.#reader.fail('Look-behind group does not have an obvious maximum length');
    }
    return { kind: 'look', ahead: false, negative, item };
  }

  #escape(): Item {
    const reader = this.#reader;
    const letter = reader.afterBackslash();
    const unixLines = reader.flags.has('d');
    const named = ASSERTIONS[letter];
    if (named !== undefined) {
      reader.skip(2);
      return assertion(named);
    }
    switch (letter) {
      case 'Z':
        reader.skip(2);
        return assertion(beforeEnd(unixLines));
      case 'R':
        reader.skip(2);
        return LINE_ENDING;
      case 'k':
        return this.#namedReference();
      case 'X':
      case 'N':
        return reader.unsupported(`\\${letter}`);
    }
    if (/[1-9]/.test(letter)) return this.#reference();
    const set = reader.classEscape();
    if (set !== undefined) return { kind: 'set', set };
    return this.#literal(codePointOfEscape(reader));
  }

  /** More digits belong to it as long as there is such a group so far. */
  #reference(): Item {
    const reader = this.#reader;
    reader.skip(1);
    let group = Number(reader.next());
    while (/[0-9]/.test(reader.peek()) && group * 10 + Number(reader.peek()) <= this.#groups) {
      group = group * 10 + Number(reader.next());
    }
    return { kind: 'reference', group, fold: this.#fold };
  }

  #namedReference(): Item {
    const reader = this.#reader;
    reader.skip(2);
    if (!reader.take('<')) reader.fail("\\k is not followed by '<' for named capturing group");
    const name = reader.groupName();
    const group = this.#names.get(name);
    if (group === undefined) return reader.fail(`named capturing group <${name}> does not exist`);
    return { kind: 'reference', group, fold: this.#fold };
  }
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: atStart,
  z: atEnd,
  G: afterLastMatch,
  b: atBoundary,
  B: atNoBoundary,
};

const NOTHING: Item = { kind: 'sequence', items: [] };
const LINE_ENDING: Item = {
  kind: 'either',
  branches: [
    {
      kind: 'sequence',
      items: [
        { kind: 'unit', unit: 13 },
        { kind: 'unit', unit: 10 },
      ],
    },
    { kind: 'set', set: known(CLASSES.v ?? '') },
  ],
};

const assertion = (holds: Assertion): Item => ({ kind: 'assertion', holds });

/** A group that neither captures nor changes anything is what is in it, but as one thing for a quantifier. */
const group = (item: Item): Item => ({ kind: 'sequence', items: [item] });

const ANY = new CodeSet(() => true);
const ANY_BUT_NEWLINE = new CodeSet((code) => code !== 10);
const ANY_IN_LINE = new CodeSet((code) => !/[\n\r\u0085\u2028\u2029]/.test(String.fromCodePoint(code)));

function dot(all: boolean, unixLines: boolean): CodeSet {
  return all ? ANY : unixLines ? ANY_BUT_NEWLINE : ANY_IN_LINE;
}

function hasCases(code: number, fold: Fold): boolean {
  if (fold === foldAscii) return /[a-zA-Z]/.test(String.fromCharCode(code));
  const text = String.fromCharCode(code);
  return text.toUpperCase() !== text || text.toLowerCase() !== text;
}
