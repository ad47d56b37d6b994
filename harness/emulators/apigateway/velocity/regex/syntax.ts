import type { CodeSet, Fold } from './code-set.ts';

/** What a pattern of java.util.regex says, as a tree. */
export type Item =
  | { readonly kind: 'set'; readonly set: CodeSet }
  /** One UTF-16 unit that is no half of a pair, exactly. */
  | { readonly kind: 'unit'; readonly unit: number }
  | { readonly kind: 'sequence'; readonly items: readonly Item[] }
  | { readonly kind: 'either'; readonly branches: readonly Item[] }
  | {
      readonly kind: 'repeat';
      readonly item: Item;
      readonly min: number;
      readonly max: number;
      readonly mode: 'greedy' | 'lazy' | 'possessive';
    }
  | { readonly kind: 'capture'; readonly group: number; readonly item: Item }
  | { readonly kind: 'atomic'; readonly item: Item }
  | { readonly kind: 'look'; readonly ahead: boolean; readonly negative: boolean; readonly item: Item }
  | { readonly kind: 'reference'; readonly group: number; readonly fold: Fold }
  | { readonly kind: 'assertion'; readonly holds: Assertion };

/** Whether something is so between two characters; `last` is where the match before ended. */
export type Assertion = (text: string, at: number, last: number) => boolean;

export interface Syntax {
  readonly item: Item;
  /** Groups that capture, without group 0. */
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

/**
 * Whether Java knows a greatest length of an item, without which it takes no look-behind. It reckons with 32 bits and
 * looks at repetitions in several ways: `a*` and `(a)*` seem to have one, `(a|b)*` and `(ab)*` have none.
 */
export function hasKnownLength(item: Item): boolean {
  return study(item).known;
}

interface Study {
  readonly length: number;
  readonly known: boolean;
  /** There is one way only to match it. */
  readonly settled: boolean;
  /** Java notices where its 32 bits are not enough for this with what stands before it. */
  readonly checked?: boolean;
}

function study(item: Item): Study {
  switch (item.kind) {
    case 'unit':
    case 'set':
      return { length: 1, known: true, settled: true };
    case 'capture':
    case 'atomic':
      return study(item.item);
    case 'sequence':
      return item.items.map(study).reduce(
        (all, one) => ({
          length: (all.length + one.length) | 0,
          known: all.known && one.known && !(one.checked === true && one.length === MAX_COUNT && all.length > 0),
          settled: all.settled && one.settled,
        }),
        { length: 0, known: true, settled: true },
      );
    case 'either': {
      const all = item.branches.map(study);
      const length = Math.max(...all.map((one) => one.length));
      return { length, known: all.every(({ known }) => known), settled: false };
    }
    case 'repeat':
      return studyRepeat(item);
    case 'reference':
      return { length: 0, known: false, settled: true };
    default:
      return { length: 0, known: true, settled: true };
  }
}

function studyRepeat({ item, min, max, mode }: Extract<Item, { kind: 'repeat' }>): Study {
  const inner = study(item);
  const single = item.kind === 'unit' || item.kind === 'set';
  const optional = min === 0 && max === 1;
  if (optional) return { ...inner, settled: false };
  const settled = inner.settled && min === max;
  if (single && mode === 'greedy' && max === Number.POSITIVE_INFINITY)
    return { length: MAX_COUNT, known: true, settled };
  if (!single && !inner.settled && mode !== 'possessive') return { length: 0, known: false, settled: false };
  const length = Math.imul(inner.length, Math.min(max, MAX_COUNT));
  return { length, known: inner.known && length >= 0, settled, checked: true };
}

/** Java's Integer.MAX_VALUE, which stands for "without end" in a repetition. */
const MAX_COUNT = 2 ** 31 - 1;

/** The widths that an item can have, in UTF-16 units; `most` may be infinite. */
export function widths(item: Item): { readonly least: number; readonly most: number } {
  switch (item.kind) {
    case 'unit':
      return { least: 1, most: 1 };
    case 'set':
      return { least: 1, most: 2 };
    case 'capture':
    case 'atomic':
      return widths(item.item);
    case 'sequence': {
      const all = item.items.map(widths);
      return { least: sum(all.map(({ least }) => least)), most: sum(all.map(({ most }) => most)) };
    }
    case 'either': {
      const all = item.branches.map(widths);
      return { least: Math.min(...all.map(({ least }) => least)), most: Math.max(...all.map(({ most }) => most)) };
    }
    case 'repeat': {
      const { least, most } = widths(item.item);
      return { least: least * item.min, most: most === 0 ? 0 : most * item.max };
    }
    case 'reference':
      return { least: 0, most: Number.POSITIVE_INFINITY };
    default:
      return { least: 0, most: 0 };
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
