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
