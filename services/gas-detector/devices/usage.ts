/** What was asked for cannot be done; an empty message asks for help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The number that an option gives. Throws `UsageError`. */
export function wholeNumber(
  option: string,
  said: string | undefined,
  byDefault: number,
  min: number,
  max: number,
): number {
  if (said === undefined) return byDefault;
  const value = Number(said);
  if (said.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`--${option} must be a whole number from ${min} to ${max}, not ${said}.`);
}
