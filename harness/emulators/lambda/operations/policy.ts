import type { Call } from '../../../edge/emulator.ts';
import { errors } from '../errors.ts';
import type { LambdaFunction, Statement } from '../functions/function.ts';
import { type FunctionName, readFunctionName } from '../names.ts';
import type { Parts } from './operation.ts';

/** A version's is a number. */
const QUALIFIER_OF_ALIAS = /^(?!\d+$)[a-zA-Z0-9-_]+$/;

/** The function whose policy is meant. There are no versions and aliases that could have one of their own. */
export function findForPolicy(
  { functions }: Parts,
  operationName: string,
  call: Call,
  given: string | undefined,
  qualifier: string | undefined,
): { readonly name: FunctionName; readonly found: LambdaFunction } {
  const name = readFunctionName(operationName, call, given, qualifier);
  if (name.qualifier === '$LATEST') throw errors.invalid('We currently do not support adding policies for $LATEST.');
  const found = functions.get(name.arn);
  if (!found) throw errors.functionNotFound(name.arn);
  refuseQualifier(name);
  return { name, found };
}

/** @throws ResourceNotFoundException for versions and aliases */
export function refuseQualifier({ qualifier, qualifiedArn }: FunctionName): void {
  if (qualifier === undefined) return;
  if (QUALIFIER_OF_ALIAS.test(qualifier)) throw errors.notFound(`Cannot find alias arn: ${qualifiedArn}`);
  throw errors.functionNotFound(qualifiedArn);
}

/** @throws InvalidParameterValueException */
export function principalOf(principal: string): Statement['Principal'] {
  if (principal === '*') return '*';
  if (principal.endsWith('.amazonaws.com')) return { Service: principal };
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (/^arn:aws[a-zA-Z-]*:iam:/.test(principal)) return { AWS: principal };
  throw errors.invalid('The provided principal was invalid. Please check the principal and try again.');
}
