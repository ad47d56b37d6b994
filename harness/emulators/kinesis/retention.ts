import { errors } from './errors.ts';
import { checkNames } from './inputs.ts';
import { MAX_RETENTION_HOURS, MIN_RETENTION_HOURS } from './limits.ts';
import type { StreamNames } from './streams.ts';
import { checkInteger, Violations } from './violations.ts';

/** The hours that IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod are given. */
export function readHours(input: StreamNames & { readonly RetentionPeriodHours?: number | undefined }): number {
  const { RetentionPeriodHours: hours } = input;
  const violations = new Violations();
  checkNames(violations, input);
  if (violations.required('retentionPeriodHours', hours)) checkInteger('retentionPeriodHours', hours);
  violations.raise();
  if ((hours as number) < MIN_RETENTION_HOURS) {
    throw errors.invalid(
      `Minimum allowed retention period is ${MIN_RETENTION_HOURS} hours. Requested retention period (${hours} hours) is ` +
        'too short.',
    );
  }
  if ((hours as number) > MAX_RETENTION_HOURS) {
    throw errors.invalid(
      `Maximum allowed retention period is ${MAX_RETENTION_HOURS} hours. Requested retention period (${hours} hours) is ` +
        'too long.',
    );
  }
  return hours as number;
}
