import { AwsError } from '../../edge/aws-error.ts';

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombinationException', message);
}

export function missing(parameter: string): AwsError {
  return new AwsError('MissingRequiredParameterException', `The parameter ${parameter} is required.`);
}

/** For what AWS offers and this emulator does not. */
export function unsupported(what: string): AwsError {
  return invalidValue(`${what} is not supported by naetmul; docs/fidelity/cloudwatch.md lists what is.`);
}
