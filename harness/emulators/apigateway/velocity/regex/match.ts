import { JavaException } from '../error.ts';
import { isHigh, isLow } from './assertions.ts';
import type { Fold } from './code-set.ts';
import type { Apart, Instruction, Program } from './program.ts';

/** Told of every so many steps of a matcher, and free to throw. */
export type Work = (steps: number) => void;

const STEPS_PER_REPORT = 1_024;
/** Numbers on the stack of places to go back to. In Java a pattern that keeps so many overflows the stack. */
const MAX_STACK = 4 * 2 ** 20;
const NOWHERE = -1;

/**
 * Carries out a program by backtracking, with a stack of its own, so that neither its depth nor its time is without
 * bounds. The stack holds what to do when it fails: go on elsewhere, put back what a slot held, change a run.
 */
export class Matcher {
  readonly #code: readonly Instruction[];
  readonly #groups: number;
  readonly #text: string;
  readonly #work: Work;
  readonly #last: number;
  readonly slots: Int32Array;
  /** So few numbers lie in V8's own heap, where they cost next to nothing; most matches need no more. */
  #stack = new Int32Array(16);
  #height = 0;
  #steps = 0;

  constructor(program: Program, text: string, last: number, work: Work) {
    this.#code = program.code;
    this.#groups = program.groups;
    this.#text = text;
    this.#last = last;
    this.#work = work;
    this.slots = new Int32Array(program.slots).fill(-1);
  }

  /** Where a match that begins at `at` ends; -1 if there is none. The slots hold the groups then. */
  matchAt(at: number, wholeOnly = false): number {
    this.#height = 0;
    return this.#run(0, at, 0, wholeOnly ? this.#text.length : NOWHERE);
  }

  /** From `pc` on until `done`; `end` is where that must be, if anywhere. Choices below `floor` are not touched. */
  #run(from: number, start: number, floor: number, end: number): number {
    const text = this.#text;
    let pc = from;
    let at = start;
    for (;;) {
      if (++this.#steps % STEPS_PER_REPORT === 0) this.#work(STEPS_PER_REPORT);
      const step = this.#code[pc] as Instruction;
      let next = pc + 1;
      switch (step.op) {
        case 'unit':
          if (at < text.length && text.charCodeAt(at) === step.unit) at++;
          else next = NOWHERE;
          break;
        case 'set': {
          const width = widthAt(text, at);
          if (width > 0 && step.set.has(codeAt(text, at, width))) at += width;
          else next = NOWHERE;
          break;
        }
        case 'run': {
          at = this.#runOf(step, pc, at);
          if (at < 0) next = NOWHERE;
          break;
        }
        case 'fork':
          for (let index = step.to.length - 1; index > 0; index--) this.#push(GO, step.to[index] as number, at);
          next = step.to[0] as number;
          break;
        case 'jump':
          next = step.to;
          break;
        case 'save':
          this.#save(step.slot, at);
          break;
        case 'begin':
          this.#save(step.slot, 0);
          this.#save(step.slot + 1, -1);
          break;
        case 'round':
          next = this.#round(step, pc, at);
          break;
        case 'apart': {
          const after = this.#apart(step.way, pc + 1, at);
          if (after < 0) next = NOWHERE;
          else {
            at = after;
            next = step.next;
          }
          break;
        }
        case 'reference': {
          const width = this.#reference(step.group, step.fold, at);
          if (width < 0) next = NOWHERE;
          else at += width;
          break;
        }
        case 'assert':
          if (!step.holds(text, at, this.#last)) next = NOWHERE;
          break;
        case 'done':
          if (end === NOWHERE || at === end) return at;
          next = NOWHERE;
      }
      if (next === NOWHERE) {
        next = this.#goBack(floor);
        if (next === NOWHERE) return -1;
        at = this.#resumed;
      }
      pc = next;
    }
  }

  #resumed = 0;

  /** The latest place to go on at; what was saved since then is undone on the way. */
  #goBack(floor: number): number {
    while (this.#height > floor) {
      this.#height -= FRAME;
      const kind = this.#stack[this.#height] as number;
      const a = this.#stack[this.#height + 1] as number;
      const at = this.#stack[this.#height + 2] as number;
      const more = this.#stack[this.#height + 3] as number;
      if (kind === GO) {
        this.#resumed = at;
        return a;
      }
      if (kind === SLOT) this.slots[a] = at;
      else if (kind === AGAIN) {
        const { slot } = this.#code[a] as Extract<Instruction, { op: 'round' }>;
        this.#save(slot, (this.slots[slot] as number) + 1);
        this.#save(slot + 1, at);
        this.#resumed = at;
        return a + 1;
      } else if (kind === GREEDY) {
        this.#resumed = this.#giveBack(a, at, more);
        return a + 1;
      } else if (this.#takeMore(a, at, more)) return a + 1;
    }
    return NOWHERE;
  }

  #push(kind: number, a: number, at: number, more = 0): void {
    if (this.#height + FRAME > this.#stack.length) {
      if (this.#stack.length * 2 > MAX_STACK) throw new JavaException('java.lang.StackOverflowError');
      const larger = new Int32Array(this.#stack.length * 2);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    this.#stack[this.#height] = kind;
    this.#stack[this.#height + 1] = a;
    this.#stack[this.#height + 2] = at;
    this.#stack[this.#height + 3] = more;
    this.#height += FRAME;
  }

  #save(slot: number, value: number): void {
    this.#push(SLOT, slot, this.slots[slot] as number);
    this.slots[slot] = value;
  }

  #runOf({ set, min, max, mode }: Run, pc: number, start: number): number {
    let at = start;
    let least = start;
    let count = 0;
    const wanted = mode === 'lazy' ? min : max;
    while (count < wanted) {
      const width = widthAt(this.#text, at);
      if (width === 0 || !set.has(codeAt(this.#text, at, width))) break;
      at += width;
      count++;
      if (count === min) least = at;
      if (count % STEPS_PER_REPORT === 0) this.#work(STEPS_PER_REPORT);
    }
    if (count < min) return NOWHERE;
    if (mode === 'lazy' && count < max) this.#push(LAZY, pc, at, count);
    if (mode === 'greedy' && at > least) this.#push(GREEDY, pc, at, least);
    return at;
  }

  #giveBack(pc: number, at: number, least: number): number {
    const pair = at - 2 >= least && isLow(this.#text.charCodeAt(at - 1)) && isHigh(this.#text.charCodeAt(at - 2));
    const before = pair ? at - 2 : at - 1;
    if (before > least) this.#push(GREEDY, pc, before, least);
    return before;
  }

  #takeMore(pc: number, at: number, count: number): boolean {
    const { set, max } = this.#code[pc] as Run;
    const width = widthAt(this.#text, at);
    if (width === 0 || !set.has(codeAt(this.#text, at, width))) return false;
    this.#resumed = at + width;
    if (count + 1 < max) this.#push(LAZY, pc, at + width, count + 1);
    return true;
  }

  /** One more round of a loop, or out of it. A round that took nothing is the last, as in Java. */
  #round({ slot, min, max, lazy, exit }: Extract<Instruction, { op: 'round' }>, pc: number, at: number): number {
    const count = this.slots[slot] as number;
    const tookNothing = this.slots[slot + 1] === at;
    if (count >= max || (count > 0 && tookNothing)) return exit;
    if (count >= min && lazy) {
      // What is to be done when it comes back here: one more round.
      this.#push(AGAIN, pc, at);
      return exit;
    }
    if (count >= min) this.#push(GO, exit, at);
    this.#save(slot, count + 1);
    this.#save(slot + 1, at);
    return pc + 1;
  }

  /** Where what stands apart ends, -1 if it does not match. Its choices are forgotten, its groups kept. */
  #apart(way: Apart, pc: number, at: number): number {
    const floor = this.#height;
    const before = this.slots.slice();
    let end = NOWHERE;
    if (way.kind === 'behind') {
      for (let width = way.least; end < 0 && width <= Math.min(way.most, at); width++) {
        end = this.#run(pc, at - width, floor, at);
      }
    } else {
      end = this.#run(pc, at, floor, NOWHERE);
    }
    const matched = end >= 0;
    const negative = way.kind !== 'atomic' && way.negative;
    this.#height = floor;
    if (matched) this.#keepSlots(before, negative);
    if (matched === negative) return NOWHERE;
    return way.kind === 'atomic' ? end : at;
  }

  #keepSlots(before: Int32Array, undo: boolean): void {
    for (let slot = 0; slot < before.length; slot++) {
      const now = this.slots[slot] as number;
      if (now === before[slot]) continue;
      if (!undo) this.#push(SLOT, slot, before[slot] as number);
      else this.slots[slot] = before[slot] as number;
    }
  }

  /** Units of what a group holds, if the same stands here; -1 otherwise, and for a group that holds nothing. */
  #reference(group: number, fold: Fold, at: number): number {
    if (group > this.#groups) return NOWHERE;
    const from = this.slots[2 * group] ?? -1;
    const to = this.slots[2 * group + 1] ?? -1;
    if (from < 0 || to < 0) return NOWHERE;
    if (at + to - from > this.#text.length) return NOWHERE;
    for (let index = 0; index < to - from; index++) {
      const one = this.#text.charCodeAt(from + index);
      const other = this.#text.charCodeAt(at + index);
      if (one !== other && fold(one) !== fold(other)) return NOWHERE;
    }
    return to - from;
  }
}

type Run = Extract<Instruction, { op: 'run' }>;

/** Numbers in one entry of the stack: its kind, a place in the program or a slot, one in the text, one more. */
const FRAME = 4;
const GO = 0;
const SLOT = 1;
const GREEDY = 2;
const LAZY = 3;
const AGAIN = 4;

/** Units of the character at `at`; 0 at the end. */
function widthAt(text: string, at: number): number {
  if (at >= text.length) return 0;
  if (!isHigh(text.charCodeAt(at)) || at + 1 >= text.length) return 1;
  return isLow(text.charCodeAt(at + 1)) ? 2 : 1;
}

function codeAt(text: string, at: number, width: number): number {
  return width === 1 ? text.charCodeAt(at) : (text.codePointAt(at) ?? 0);
}
