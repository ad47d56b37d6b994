import { AwsError } from '../../edge/aws-error.ts';

/** Under the names of the SDK's model; AWS Query has shorter ones for some, which the edge puts in. */
export const errors = {
  alreadyExists: () => new AwsError('DBInstanceAlreadyExistsFault', 'DB instance already exists'),
  notFound: (identifier: string) => new AwsError('DBInstanceNotFoundFault', `DBInstance ${identifier} not found.`, 404),
  invalidState: (message: string) => new AwsError('InvalidDBInstanceStateFault', message),
  invalid: (message: string) => new AwsError('InvalidParameterValue', message),
  combination: (message: string) => new AwsError('InvalidParameterCombination', message),
  missing: (name: string) => new AwsError('MissingParameter', `The request must contain the parameter ${name}.`),
  /** Something AWS has and naetmul has not: named, never ignored. */
  unsupported: (what: string) =>
    new AwsError('NotImplementedException', `The RDS emulator of naetmul does not support ${what}.`, 501),
} as const;

/** Refuses what was given beyond `known`. */
export function refuseOthers(input: object, known: readonly string[], operation: string): void {
  const unknown = Object.entries(input).find(([name, value]) => value !== undefined && !known.includes(name));
  if (unknown !== undefined) throw errors.unsupported(`the parameter ${unknown[0]} of ${operation}`);
}
