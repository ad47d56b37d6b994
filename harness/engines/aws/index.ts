/** Who stands behind the endpoint: LocalStack as a rule, another emulator of AWS where the user says so. */

export { withCapabilityCheck } from './checked.ts';
export { externalAws } from './external.ts';
