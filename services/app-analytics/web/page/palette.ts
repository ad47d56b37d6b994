/** Colours of types; all others together have a grey of their own. */
const COLORS = 7;

/** Which type has which colour: a different one for each that is shown, which it keeps for as long as it is. */
export class Palette {
  #places: ReadonlyMap<string, number> = new Map();

  /** Says what is shown from now on; those that are new get the colours that are free, and what is too much none. */
  show(types: readonly string[]): void {
    const kept = types.flatMap((type) => {
      const place = this.#places.get(type);
      return place === undefined ? [] : [[type, place] as const];
    });
    const places = new Map(kept);
    const taken = new Set(places.values());
    const free = Array.from({ length: COLORS }, (_, at) => at + 1).filter((place) => !taken.has(place));
    for (const type of types) {
      const place = places.has(type) ? undefined : free.shift();
      if (place !== undefined) places.set(type, place);
    }
    this.#places = places;
  }

  /** The CSS variable of a type's colour. */
  colorOf(type: string | undefined): string {
    const place = type === undefined ? undefined : this.#places.get(type);
    return place === undefined ? '--line-others' : `--line-${place}`;
  }
}
