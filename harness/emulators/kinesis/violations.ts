import { AwsError } from '../../edge/aws-error.ts';

/**
 * Gathers what a request's members violate of the API model's constraints, and raises all of it at once, as AWS does
 * before it looks at anything else. Paths are written as AWS writes them: `records.1.member.data`.
 */
export class Violations {
  readonly #found: string[] = [];

  /** True when there is a value to check further. */
  required<T>(path: string, value: T): value is NonNullable<T> {
    if (value !== undefined && value !== null) return true;
    this.#add('Value null', path, 'Member must not be null');
    return false;
  }

  /** Length and pattern of a text that may be absent. The pattern must match all of it. */
  text(path: string, value: string | undefined, min: number, max: number, pattern?: RegExp): void {
    if (value === undefined || value === null) return;
    const shown = `Value '${value}'`;
    if (pattern && !matchesAll(pattern, value)) {
      this.#add(
        shown,
        path,
        `Member must satisfy regular expression pattern: ${pattern.source.replaceAll('\\/', '/')}`,
      );
    }
    this.#length(shown, path, value.length, min, max);
  }

  range(path: string, value: number | undefined, min: number, max: number): void {
    if (value === undefined || value === null) return;
    checkInteger(path, value);
    if (value > max) {
      this.#add(`Value '${value}'`, path, `Member must have value less than or equal to ${max}`);
    }
    if (value < min) {
      this.#add(`Value '${value}'`, path, `Member must have value greater than or equal to ${min}`);
    }
  }

  oneOf(path: string, value: string | undefined, values: readonly string[]): void {
    if (value === undefined || value === null || values.includes(value)) return;
    this.#add(`Value '${value}'`, path, `Member must satisfy enum value set: [${values.join(', ')}]`);
  }

  /** The length of a list, map or blob, whose value is not repeated. */
  size(path: string, length: number, min: number, max: number): void {
    this.#length('Value', path, length, min, max);
  }

  raise(): void {
    const count = this.#found.length;
    if (count === 0) return;
    const detected = `${count} validation error${count === 1 ? '' : 's'} detected`;
    throw new AwsError('ValidationException', `${detected}: ${this.#found.join('; ')}`);
  }

  #length(shown: string, path: string, length: number, min: number, max: number): void {
    if (length > max) this.#add(shown, path, `Member must have length less than or equal to ${max}`);
    if (length < min) this.#add(shown, path, `Member must have length greater than or equal to ${min}`);
  }

  #add(value: string, path: string, constraint: string): void {
    this.#found.push(`${value} at '${path}' failed to satisfy constraint: ${constraint}`);
  }
}

function matchesAll(pattern: RegExp, value: string): boolean {
  const [found] = pattern.exec(value) ?? [];
  return found === value || new RegExp(`^(?:${pattern.source})$`, 's').test(value);
}

/** The model has no other numbers. What cannot be read as its type is refused before any constraint is looked at. */
export function checkInteger(path: string, value: number): void {
  if (Number.isInteger(value)) return;
  throw new AwsError('SerializationException', `The member ${path} must be a whole number.`);
}
