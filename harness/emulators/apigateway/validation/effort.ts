/** What a validation may cost: so many steps whatever the body, and so many more for each of its characters. */
export const BASE_STEPS = 2_000_000;
export const STEPS_PER_CHARACTER = 20;
/** Schemas within schemas that are gone through at once. */
export const MAX_SCHEMA_DEPTH = 500;

/** A body cannot be judged: its schema asks for too much work, or refers to what there is not. */
export class Unjudged extends Error {
  override readonly name = 'Unjudged';
}

/** Counts the steps of one validation and ends it after the last. */
export class Effort {
  #left: number;

  constructor(characters: number) {
    this.#left = BASE_STEPS + STEPS_PER_CHARACTER * characters;
  }

  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new Unjudged('the schema asks for too much work on this body');
  }
}
