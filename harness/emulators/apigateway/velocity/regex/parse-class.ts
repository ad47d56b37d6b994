import { CodeSet, type Fold, range, single } from './code-set.ts';
import { codePointOfEscape, type PatternReader } from './reader.ts';

/** Classes within classes; deeper ones are refused before they can exhaust the stack. */
const MAX_DEPTH = 100;

/** A class in brackets, with classes within it, ranges and intersections. The reader stands before the bracket. */
export function parseClass(reader: PatternReader, fold: Fold, depth = 0): CodeSet {
  if (depth > MAX_DEPTH) reader.fail(`Character classes are nested deeper than ${MAX_DEPTH} levels`);
  reader.next();
  const negated = reader.peek() === '^';
  if (negated) reader.next();
  const set = parseUnion(reader, fold, depth);
  reader.next();
  return negated ? set.complement() : set;
}

/**
 * What stands in a class up to its closing bracket, which stays. As in Java single characters are kept apart from the
 * rest until an intersection or the end takes them in, so that `[^a[b]&&c]` means what it means there.
 */
function parseUnion(reader: PatternReader, fold: Fold, depth: number): CodeSet {
  let all: CodeSet | undefined;
  let characters: CodeSet | undefined;
  for (;;) {
    const next = reader.peek();
    if (next === '') return reader.fail('Unclosed character class');
    if (next === ']' && (all !== undefined || characters !== undefined)) return joined(all, characters);
    if (next === '[') {
      all = joined(all, parseClass(reader, fold, depth + 1));
      continue;
    }
    if (next === '&' && reader.peekSecond() === '&') {
      reader.skip(2);
      const right = parseRightSide(reader, fold, depth);
      if (characters !== undefined) all = joined(all, characters);
      characters = undefined;
      if (all === undefined) all = right ?? reader.fail('Bad class syntax');
      else if (right !== undefined) all = all.intersection(right);
      continue;
    }
    const { set, isCharacter } = parseRange(reader, fold);
    if (isCharacter) characters = joined(characters, set);
    else all = joined(all, set);
  }
}

/** Everything between `&&` and the next `&` or the end of the class. */
function parseRightSide(reader: PatternReader, fold: Fold, depth: number): CodeSet | undefined {
  if (depth > MAX_DEPTH) reader.fail(`Character classes are nested deeper than ${MAX_DEPTH} levels`);
  let right: CodeSet | undefined;
  for (;;) {
    const next = reader.peek();
    if (next === '') return reader.fail('Unclosed character class');
    if (next === ']' || next === '&') return right;
    right = joined(right, next === '[' ? parseClass(reader, fold, depth + 1) : parseUnion(reader, fold, depth + 1));
  }
}

function joined(left: CodeSet | undefined, right: CodeSet | undefined): CodeSet {
  if (left !== undefined && right !== undefined) return left.union(right);
  return left ?? right ?? NONE;
}

const NONE = new CodeSet(() => false);

function parseRange(reader: PatternReader, fold: Fold): { readonly set: CodeSet; readonly isCharacter: boolean } {
  if (reader.peek() === '\\') {
    const set = reader.classEscape();
    if (set !== undefined) return { set, isCharacter: false };
  }
  const from = parseCharacter(reader);
  const isRange = reader.peek() === '-' && !['[', ']', ''].includes(reader.peekSecond());
  if (!isRange) return { set: single(from, fold), isCharacter: from < 256 };
  reader.next();
  const to = parseCharacter(reader);
  if (to < from) reader.fail('Illegal character range');
  return { set: range(from, to, fold), isCharacter: false };
}

function parseCharacter(reader: PatternReader): number {
  if (reader.peek() !== '\\') return reader.nextCodePoint();
  if (reader.afterBackslash() === 'v') {
    reader.skip(2);
    return 11;
  }
  return codePointOfEscape(reader);
}
