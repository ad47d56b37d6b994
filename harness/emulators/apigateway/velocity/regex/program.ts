import { type CodeSet, exact, type Fold, single } from './code-set.ts';
import { type Assertion, type Item, type Syntax, widths } from './syntax.ts';

/** What the matcher does, one after the other; numbers are places in the program or in its tables. */
export type Instruction =
  | { readonly op: 'unit'; readonly unit: number }
  | { readonly op: 'set'; readonly set: CodeSet }
  /** One set again and again: the greedy one gives back one by one, the lazy one takes one more when asked. */
  | { readonly op: 'run'; readonly set: CodeSet; readonly min: number; readonly max: number; readonly mode: RunMode }
  /** Tries each place in turn. */
  | { readonly op: 'fork'; to: readonly number[] }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'save'; readonly slot: number }
  /** Begins a loop: its count of rounds and where the round began are slots. */
  | { readonly op: 'begin'; readonly slot: number }
  | {
      readonly op: 'round';
      readonly slot: number;
      readonly min: number;
      readonly max: number;
      readonly lazy: boolean;
      exit: number;
    }
  /** Carries out what follows, up to `done`, by itself; goes on at `next`. */
  | { readonly op: 'apart'; readonly way: Apart; next: number }
  | { readonly op: 'reference'; readonly group: number; readonly fold: Fold }
  | { readonly op: 'assert'; readonly holds: Assertion }
  | { readonly op: 'done' };

export type RunMode = 'greedy' | 'lazy' | 'possessive';

/** `behind` tries each width from `least` to `most` and wants the end to be where it began. */
export type Apart =
  | { readonly kind: 'atomic' }
  | { readonly kind: 'ahead'; readonly negative: boolean }
  | { readonly kind: 'behind'; readonly negative: boolean; readonly least: number; readonly most: number };

export interface Program {
  readonly code: readonly Instruction[];
  /** Two for each group, group 0 first, then two for each loop. */
  readonly slots: number;
  readonly groups: number;
  readonly names: ReadonlyMap<string, number>;
}

export function assemble({ item, groups, names }: Syntax): Program {
  const assembler = new Assembler(groups);
  assembler.add(item);
  assembler.code.push({ op: 'done' });
  return { code: assembler.code, slots: assembler.slots, groups, names };
}

class Assembler {
  readonly code: Instruction[] = [];
  slots: number;

  constructor(groups: number) {
    this.slots = 2 * (groups + 1);
  }

  add(item: Item): void {
    const { code } = this;
    switch (item.kind) {
      case 'unit':
        code.push({ op: 'unit', unit: item.unit });
        return;
      case 'set':
        code.push({ op: 'set', set: item.set });
        return;
      case 'sequence':
        for (const part of item.items) this.add(part);
        return;
      case 'either':
        this.#either(item.branches);
        return;
      case 'repeat':
        this.#repeat(item);
        return;
      case 'capture':
        code.push({ op: 'save', slot: 2 * item.group });
        this.add(item.item);
        code.push({ op: 'save', slot: 2 * item.group + 1 });
        return;
      case 'atomic':
        this.#apart(item.item, { kind: 'atomic' });
        return;
      case 'look': {
        const { negative } = item;
        this.#apart(
          item.item,
          item.ahead ? { kind: 'ahead', negative } : { kind: 'behind', negative, ...widths(item.item) },
        );
        return;
      }
      case 'reference':
        code.push({ op: 'reference', group: item.group, fold: item.fold });
        return;
      case 'assertion':
        code.push({ op: 'assert', holds: item.holds });
    }
  }

  #either(branches: readonly Item[]): void {
    const fork: Instruction = { op: 'fork', to: [] };
    this.code.push(fork);
    const starts: number[] = [];
    const jumps: { to: number }[] = [];
    for (const branch of branches) {
      starts.push(this.code.length);
      this.add(branch);
      const jump = { op: 'jump' as const, to: 0 };
      this.code.push(jump);
      jumps.push(jump);
    }
    fork.to = starts;
    for (const jump of jumps) jump.to = this.code.length;
  }

  #repeat({ item, min, max, mode }: Extract<Item, { kind: 'repeat' }>): void {
    const set = setOf(item);
    if (set !== undefined) {
      this.code.push({ op: 'run', set, min, max, mode });
    } else if (mode === 'possessive') {
      // Each round is settled once it is over, then all of them are.
      this.#apart({ kind: 'repeat', item: { kind: 'atomic', item }, min, max, mode: 'greedy' }, { kind: 'atomic' });
    } else {
      const slot = this.slots;
      this.slots += 2;
      this.code.push({ op: 'begin', slot });
      const round: Instruction = { op: 'round', slot, min, max, lazy: mode === 'lazy', exit: 0 };
      const start = this.code.length;
      this.code.push(round);
      this.add(item);
      this.code.push({ op: 'jump', to: start });
      round.exit = this.code.length;
    }
  }

  #apart(item: Item, way: Apart): void {
    const apart: Instruction = { op: 'apart', way, next: 0 };
    this.code.push(apart);
    this.add(item);
    this.code.push({ op: 'done' });
    apart.next = this.code.length;
  }
}

function setOf(item: Item): CodeSet | undefined {
  if (item.kind === 'set') return item.set;
  if (item.kind === 'unit') return single(item.unit, exact);
  if (item.kind === 'sequence' && item.items.length === 1) return setOf(item.items[0] as Item);
  return undefined;
}
