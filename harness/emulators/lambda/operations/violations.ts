import { AwsError } from '../../../edge/aws-error.ts';
import { errors } from '../errors.ts';

/**
 * Gathers what a request's members violate of the API model's constraints, and raises all of it at once, as AWS does
 * before it looks at anything else. Paths are written as AWS writes them: `snapStart.applyOn`.
 */
export class Violations {
  readonly #found: string[] = [];

  required(path: string, value: unknown): void {
    if (value === undefined || value === null) this.add('Value null', path, 'Member must not be null');
  }

  /** Length and pattern of a text that may be absent. The pattern must match all of it. */
  text(path: string, value: string | undefined, min: number, max: number, pattern?: string): void {
    if (value === undefined || value === null) return;
    if (typeof value !== 'string') throw wrongType(path, 'a string');
    if (value.length > max) this.add(`Value '${value}'`, path, atMost('length', max));
    if (value.length < min) this.add(`Value '${value}'`, path, atLeast('length', min));
    if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 's').test(value)) {
      this.add(`Value '${value}'`, path, mustMatch(pattern));
    }
  }

  /** Pattern of each text of a list. AWS tells of the list as a whole, with all that is asked of its members. */
  texts(path: string, values: readonly string[] | undefined, pattern: string): void {
    if (values?.every((value) => new RegExp(`^(?:${pattern})$`, 's').test(value)) ?? true) return;
    const constraints = [atMost('length', 1024), atLeast('length', 0), mustMatch(pattern)].join(', ');
    this.add(`Value '[${values?.join(', ')}]'`, path, `Member must satisfy constraint: [${constraints}]`);
  }

  range(path: string, value: number | undefined, min: number, max: number): void {
    if (value === undefined || value === null) return;
    if (typeof value !== 'number') throw wrongType(path, 'a number');
    if (value > max) this.add(`Value '${value}'`, path, atMost('value', max));
    if (value < min) this.add(`Value '${value}'`, path, atLeast('value', min));
  }

  oneOf(path: string, value: string | undefined, values: readonly string[]): void {
    if (value === undefined || value === null || values.includes(value)) return;
    this.add(`Value '${value}'`, path, `Member must satisfy enum value set: [${values.join(', ')}]`);
  }

  add(value: string, path: string, constraint: string): void {
    this.#found.push(`${value} at '${path}' failed to satisfy constraint: ${constraint}`);
  }

  raise(): void {
    if (this.#found.length > 0) throw errors.violations(this.#found);
  }
}

/** What cannot be read as the model's type is refused before any constraint is looked at. */
function wrongType(path: string, type: string): AwsError {
  return new AwsError('SerializationException', `The member ${path} must be ${type}.`);
}

function mustMatch(pattern: string): string {
  return `Member must satisfy regular expression pattern: ${pattern}`;
}

function atMost(what: string, limit: number): string {
  return `Member must have ${what} less than or equal to ${limit}`;
}

function atLeast(what: string, limit: number): string {
  return `Member must have ${what} greater than or equal to ${limit}`;
}
