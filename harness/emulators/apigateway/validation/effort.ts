/**
 * What a validation may cost: so many steps whatever the body, so many more for each of its characters, and never more
 * than would take a second or two. An ordinary body of 10 MB needs fewer.
 */
export const BASE_STEPS = 1_000_000;
export const STEPS_PER_CHARACTER = 10;
export const MAX_STEPS = 20_000_000;
/** Schemas within schemas that are gone through at once. */
export const MAX_SCHEMA_DEPTH = 500;

/** Problems of one body that are told. */
export const MAX_PROBLEMS = 100;

/** A body cannot be judged: its schema asks for too much work, or refers to what there is not. */
export class Unjudged extends Error {
  override readonly name = 'Unjudged';
}

/** Counts the steps of one validation and ends it after the last. */
export class Effort {
  #left: number;

  constructor(characters: number) {
    this.#left = Math.min(BASE_STEPS + STEPS_PER_CHARACTER * characters, MAX_STEPS);
  }

  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Unjudged('the schema asks for too much work on this body');
  }
}
