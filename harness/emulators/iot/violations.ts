import { AwsError } from '../../edge/aws-error.ts';
import { errors } from './errors.ts';
import { MAX_PAGE } from './limits.ts';

/**
 * Gathers what a request's members violate of the API model's constraints, and raises all of it at once, as AWS does
 * before it looks at anything else. Paths are written as AWS writes them: `attributePayload.attributes`.
 */
export class Violations {
  readonly #found: string[] = [];

  thingName(value: string | undefined): string {
    return this.text('thingName', value, 128, '[a-zA-Z0-9:_-]+');
  }

  policyName(value: string | undefined): string {
    return this.text('policyName', value, 128, '[\\w+=,.@-]+');
  }

  policyVersionId(value: string | undefined): string {
    return this.text('policyVersionId', value, Number.POSITIVE_INFINITY, '[0-9]+');
  }

  certificateId(value: string | undefined): string {
    return this.text('certificateId', value, 64, '(0x)?[a-fA-F0-9]+', 64);
  }

  ruleName(value: string | undefined): string {
    return this.text('ruleName', value, 128, '^[a-zA-Z0-9_]+$');
  }

  /** A text that must be there; what is returned is only good once `raise` has let it pass. */
  text(path: string, value: string | undefined, max: number, pattern?: string, min = 1): string {
    if (value === undefined || value === null) {
      this.add('Value null', path, 'Member must not be null');
      return '';
    }
    if (typeof value !== 'string') throw new AwsError('SerializationException', `The member ${path} must be a string.`);
    const shown = `Value '${value}'`;
    if (value.length > max) this.add(shown, path, `Member must have length less than or equal to ${max}`);
    if (value.length < min) this.add(shown, path, `Member must have length greater than or equal to ${min}`);
    if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`, 's').test(value)) {
      this.add(shown, path, `Member must satisfy regular expression pattern: ${pattern}`);
    }
    return value;
  }

  range(path: string, value: number | undefined, max = MAX_PAGE): void {
    if (value === undefined || value === null) return;
    if (value > max) this.add(`Value '${value}'`, path, `Member must have value less than or equal to ${max}`);
    if (value < 1) this.add(`Value '${value}'`, path, 'Member must have value greater than or equal to 1');
  }

  oneOf(path: string, value: string | undefined, values: readonly string[]): void {
    if (value === undefined || value === null) this.add('Value null', path, 'Member must not be null');
    else if (!values.includes(value)) {
      this.add(`Value '${value}'`, path, `Member must satisfy enum value set: [${values.join(', ')}]`);
    }
  }

  /** @throws InvalidRequestException when anything was found */
  raise(): void {
    if (this.#found.length > 0) throw errors.violations(this.#found);
  }

  add(value: string, path: string, constraint: string): void {
    this.#found.push(`${value} at '${path}' failed to satisfy constraint: ${constraint}`);
  }
}
