const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** An instant in ISO 8601, in UTC where it names no zone, in ms since the epoch; NaN for anything else. */
export function readInstant(text: string): number {
  const found = ISO_8601.exec(text);
  if (!found) return Number.NaN;
  return Date.parse(found[1] === undefined && text.includes('T') ? `${text}Z` : text);
}

/** `2022-01-27T05:48:25.000Z` */
export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
