import { type Position, VelocityError } from './error.ts';

export interface EvaluateOptions {
  /**
   * After this many iterations a `#foreach` ends, without an error, as with Velocity's `directive.foreach.maxloops`.
   * API Gateway allows 1,000 (its quotas page).
   */
  readonly maxLoopIterations?: number;
  /** More output than this, in bytes of UTF-8, is an error; so is any one string a template builds. */
  readonly maxOutputBytes?: number;
  /** Directives, references and expressions carried out in all; more is an error. Bounds nested loops. */
  readonly maxSteps?: number;
  /** Elements of all lists and maps a template makes; more is an error. */
  readonly maxElements?: number;
  /**
   * A reference with a property, an index or a method that has no value prints nothing, where Velocity prints the
   * reference: so it is recorded of API Gateway (`$input.path('$').missing`). A name alone still prints itself.
   */
  readonly silentMisses?: boolean;
  /**
   * Null equals the empty string, `#set` may set null, and a name that was set to it prints nothing, where Velocity's
   * `#set` does nothing and the name prints itself: so it is recorded of API Gateway.
   */
  readonly nullIsEmpty?: boolean;
}

/** API Gateway's largest payload, 10 MB. */
const DEFAULT_OUTPUT_BYTES = 10 * 1024 * 1024;
/** Enough for a loop of 1,000 in a loop of 1,000. */
const DEFAULT_STEPS = 10_000_000;
const DEFAULT_ELEMENTS = 2_000_000;
const UNITS_PER_STEP = 1_024;
const STEPS_PER_MATCH = 5;
const MATCHING_PER_STEP = 4;
const STEPS_PER_PARSED_UNIT = 20;
/** Velocity's `velocimacro.max.depth`. */
const MAX_MACRO_DEPTH = 20;
/** Interpolated strings, `#evaluate` and `#define`d blocks within one another. */
const MAX_RENDER_DEPTH = 100;

/** What one evaluation may use up. Every method throws a VelocityError when it is too much. */
export class Budget {
  readonly maxLoopIterations: number;
  readonly silentMisses: boolean;
  readonly nullIsEmpty: boolean;
  readonly #maxOutputBytes: number;
  readonly #macros: string[] = [];
  #steps: number;
  #elements: number;
  #renderDepth = 0;
  /** The place of the latest step, for failures found in the middle of one. */
  at: Position = { line: 1, column: 1 };

  constructor(options: EvaluateOptions) {
    this.maxLoopIterations = options.maxLoopIterations ?? 1_000;
    this.silentMisses = options.silentMisses ?? false;
    this.nullIsEmpty = options.nullIsEmpty ?? false;
    this.#maxOutputBytes = options.maxOutputBytes ?? DEFAULT_OUTPUT_BYTES;
    this.#steps = options.maxSteps ?? DEFAULT_STEPS;
    this.#elements = options.maxElements ?? DEFAULT_ELEMENTS;
  }

  step(at?: Position): void {
    if (at !== undefined) this.at = at;
    this.#spend(1);
  }

  #spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) this.fail('The template takes too many steps; its loops or macros do not end in time');
  }

  elements(count: number): void {
    this.#elements -= count;
    if (this.#elements < 0) this.fail('The template makes lists or maps with too many elements');
  }

  /** One match of a pattern, in the making of a string of so many UTF-16 units so far. */
  match(units: number): void {
    this.#spend(STEPS_PER_MATCH);
    this.#checkLength(units);
  }

  /** Steps of a pattern's matcher, several of which cost as much as one of the template's. */
  matching(steps: number): void {
    this.#spend(Math.ceil(steps / MATCHING_PER_STEP));
  }

  /** A text about to be read as a template. */
  parsing(units: number): void {
    this.#spend(units * STEPS_PER_PARSED_UNIT);
  }

  /** A string about to be made, in UTF-16 units; a long one counts as several steps. */
  length(units: number): void {
    this.#spend(Math.max(0, Math.floor(units / UNITS_PER_STEP)));
    this.#checkLength(units);
  }

  #checkLength(units: number): void {
    if (units > this.#maxOutputBytes)
      this.fail(`The template makes a string longer than ${this.#maxOutputBytes} bytes`);
  }

  /** How many UTF-16 units of output can in no case be too many. */
  get harmlessUnits(): number {
    return this.#maxOutputBytes / 3;
  }

  output(bytes: number): void {
    if (bytes > this.#maxOutputBytes) this.fail(`The template's output is longer than ${this.#maxOutputBytes} bytes`);
  }

  inMacro<T>(name: string, work: () => T): T {
    if (this.#macros.length >= MAX_MACRO_DEPTH) {
      const calls = this.#macros.join('->');
      this.fail(`Max calling depth of ${MAX_MACRO_DEPTH} was exceeded in macro '${name}' with Call Stack:${calls}`);
    }
    this.#macros.push(name);
    try {
      return work();
    } finally {
      this.#macros.pop();
    }
  }

  /** Comes before the rendering of one template within another, `leaveRendering` after it, whatever its outcome. */
  enterRendering(): void {
    if (this.#renderDepth >= MAX_RENDER_DEPTH) {
      this.fail(`Strings, #evaluate and #define are rendered within one another more than ${MAX_RENDER_DEPTH} deep`);
    }
    this.#renderDepth++;
  }

  leaveRendering(): void {
    this.#renderDepth--;
  }

  fail(message: string): never {
    throw new VelocityError(message, this.at);
  }
}

/** Collects output and watches its size; the bytes are counted only where they could become too many. */
export class Writer {
  readonly #budget: Budget;
  readonly #harmless: number;
  #text = '';
  #bytes: number | undefined;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#harmless = budget.harmlessUnits;
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length <= this.#harmless) return;
    this.#bytes = this.#bytes === undefined ? Buffer.byteLength(this.#text) : this.#bytes + Buffer.byteLength(text);
    this.#budget.output(this.#bytes);
  }

  toString(): string {
    return this.#text;
  }
}
