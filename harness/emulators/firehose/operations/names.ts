import { MAX_NAME_LENGTH, NAME_PATTERN } from '../limits.ts';
import type { Violations } from '../violations.ts';

export const DESTINATION_ID_PATTERN = '[a-zA-Z0-9-]+';
export const MAX_DESTINATION_ID_LENGTH = 100;

/** The constraints on `DeliveryStreamName`, which every operation but one takes. */
export function checkName(name: string | undefined, violations: Violations): void {
  if (violations.required('deliveryStreamName', name)) {
    violations.text('deliveryStreamName', name, 1, MAX_NAME_LENGTH, NAME_PATTERN);
  }
}
