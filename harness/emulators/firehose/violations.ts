import { AwsError } from '../../edge/aws-error.ts';

/**
 * Gathers what a request's members violate of the API model's constraints, and raises all of it at once, as AWS does
 * before it looks at anything else. Paths are written as AWS writes them: `extendedS3DestinationConfiguration.prefix`.
 */
export class Violations {
  readonly #found: string[] = [];

  /** True when there is a value to check further. */
  required<T>(path: string, value: T): value is NonNullable<T> {
    if (value !== undefined && value !== null) return true;
    this.add('Value null', path, 'Member must not be null');
    return false;
  }

  /** Length and pattern of a text that may be absent. The pattern must match all of it. */
  text(path: string, value: string | undefined, min: number, max: number, pattern?: string): void {
    this.#text(path, value, min, max, pattern, `Value '${value}'`);
  }

  /** The same for a text that the model calls sensitive: it is not repeated. */
  secret(path: string, value: string | undefined, min: number, max: number, pattern?: string): void {
    this.#text(path, value, min, max, pattern, 'Value');
  }

  range(path: string, value: number | undefined, min: number, max: number): void {
    if (value === undefined) return;
    if (typeof value !== 'number') throw wrongType(path, 'a number');
    if (value > max) this.add(`Value '${value}'`, path, atMost('value', max));
    if (value < min) this.add(`Value '${value}'`, path, atLeast('value', min));
  }

  oneOf(path: string, value: string | undefined, values: readonly string[]): void {
    if (value === undefined || values.includes(value)) return;
    this.add(`Value '${value}'`, path, `Member must satisfy enum value set: [${values.join(', ')}]`);
  }

  /** The length of a list, whose value is not repeated. */
  list(path: string, value: readonly unknown[], min: number, max: number): void {
    if (!Array.isArray(value)) throw wrongType(path, 'a list');
    this.size(path, value.length, min, max);
  }

  /** The length of a blob, whose value is not repeated either. */
  size(path: string, length: number, min: number, max: number): void {
    if (length > max) this.add('Value', path, atMost('length', max));
    if (length < min) this.add('Value', path, atLeast('length', min));
  }

  add(value: string, path: string, constraint: string): void {
    this.#found.push(`${value} at '${path}' failed to satisfy constraint: ${constraint}`);
  }

  #text(
    path: string,
    value: string | undefined,
    min: number,
    max: number,
    pattern: string | undefined,
    shown: string,
  ): void {
    if (value === undefined) return;
    if (typeof value !== 'string') throw wrongType(path, 'a string');
    if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 'su').test(value)) {
      this.add(shown, path, `Member must satisfy regular expression pattern: ${pattern}`);
    }
    if (value.length > max) this.add(shown, path, atMost('length', max));
    if (value.length < min) this.add(shown, path, atLeast('length', min));
  }

  raise(): void {
    const count = this.#found.length;
    if (count === 0) return;
    const detected = `${count} validation error${count === 1 ? '' : 's'} detected`;
    throw new AwsError('ValidationException', `${detected}: ${this.#found.join('; ')}`);
  }
}

/** What cannot be read as the model's type is refused before any constraint is looked at. */
function wrongType(path: string, type: string): AwsError {
  return new AwsError('SerializationException', `The member ${path} must be ${type}.`);
}

function atMost(what: string, limit: number): string {
  return `Member must have ${what} less than or equal to ${limit}`;
}

function atLeast(what: string, limit: number): string {
  return `Member must have ${what} greater than or equal to ${limit}`;
}
