import type { Call } from '../../edge/emulator.ts';
import { errors, violationText } from './errors.ts';

const BEFORE_NAME =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?';
/** As AWS writes them in its errors. */
const NAME = `${BEFORE_NAME}([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`;
const NAMESPACED_NAME = `${BEFORE_NAME}([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`;
const QUALIFIER = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';

const MAX_NAME_LENGTH = 64;
const MAX_ARN_LENGTH = 140;
const MAX_NAMESPACED_ARN_LENGTH = 170;
const MAX_QUALIFIER_LENGTH = 128;

/** Operations that take the longer form of a name, and how long it may be. */
const NAMESPACED: Readonly<Record<string, number>> = {
  GetFunction: MAX_NAMESPACED_ARN_LENGTH,
  GetFunctionConfiguration: MAX_NAMESPACED_ARN_LENGTH,
  ListVersionsByFunction: MAX_NAMESPACED_ARN_LENGTH,
  Invoke: MAX_NAMESPACED_ARN_LENGTH,
  InvokeAsync: MAX_NAMESPACED_ARN_LENGTH,
  DeleteFunction: MAX_ARN_LENGTH,
};

const PARTS =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:((?:eusc-)?[a-z]{2}(?:-gov|-iso[a-z]?)?-[a-z]+-\d):)?(?:(\d{12}):)?(?:function:)?([a-zA-Z0-9-_.]+)(?::(.+))?$/;

export interface FunctionName {
  readonly name: string;
  /** From the name or the parameter; undefined when neither has one. */
  readonly qualifier: string | undefined;
  /** Without a qualifier. */
  readonly arn: string;
  /** With the qualifier, if there is one. */
  readonly qualifiedArn: string;
}

export function functionArn(name: string, { region, accountId }: Pick<Call, 'region' | 'accountId'>): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`;
}

/**
 * Reads a function's name, partial ARN or ARN.
 *
 * @throws ValidationException, InvalidParameterValueException for what is no name; ResourceNotFoundException for
 *   another region; AccessDeniedException for another account
 */
export function readFunctionName(
  operation: string,
  call: Pick<Call, 'region' | 'accountId'>,
  given: string | undefined,
  givenQualifier?: string | undefined,
): FunctionName {
  const problems = given === undefined ? [missing('functionName')] : nameProblems(operation, given);
  if (givenQualifier !== undefined) problems.push(...qualifierProblems(givenQualifier));
  if (problems.length > 0) {
    // A plain name that is too long is told in the same words by another error.
    const plain = operation === 'CreateFunction' && /^[a-zA-Z0-9-_]+$/.test(given ?? '');
    throw plain ? errors.invalid(violationText(problems)) : errors.violations(problems);
  }
  const [, region, accountId, name = '', ownQualifier] = PARTS.exec(given ?? '') ?? [];
  if (region !== undefined && region !== call.region) {
    throw errors.notFound(`Functions from '${region}' are not reachable in this region ('${call.region}')`);
  }
  if (accountId !== undefined && accountId !== call.accountId) throw errors.otherAccount();
  if (givenQualifier !== undefined && ownQualifier !== undefined && givenQualifier !== ownQualifier) {
    throw errors.invalid('The derived qualifier from the function name does not match the specified qualifier.');
  }
  const qualifier = givenQualifier ?? ownQualifier;
  const arn = functionArn(name, call);
  return { name, qualifier, arn, qualifiedArn: qualifier === undefined ? arn : `${arn}:${qualifier}` };
}

function nameProblems(operation: string, given: string): string[] {
  const maxNamespaced = NAMESPACED[operation];
  const pattern = maxNamespaced === undefined ? NAME : NAMESPACED_NAME;
  const isCreate = operation === 'CreateFunction';
  const problems: string[] = [];
  if (!new RegExp(`^(?:${pattern})$`).test(given)) {
    const problem = violation(given, 'functionName', `Member must satisfy regular expression pattern: ${pattern}`);
    if (!isCreate) return [problem];
    problems.push(problem);
  }
  const isPlain = /^[a-zA-Z0-9-_]+$/.test(given);
  const max = isCreate && isPlain ? MAX_NAME_LENGTH : (maxNamespaced ?? MAX_ARN_LENGTH);
  if (given.length > max) problems.push(violation(given, 'functionName', atMost(max)));
  return problems;
}

function qualifierProblems(qualifier: string): string[] {
  const problems: string[] = [];
  if (qualifier.length > MAX_QUALIFIER_LENGTH) {
    problems.push(violation(qualifier, 'qualifier', atMost(MAX_QUALIFIER_LENGTH)));
  }
  if (!new RegExp(`^(?:${QUALIFIER})$`).test(qualifier)) {
    problems.push(violation(qualifier, 'qualifier', `Member must satisfy regular expression pattern: ${QUALIFIER}`));
  }
  return problems;
}

function violation(value: string, path: string, constraint: string): string {
  return `Value '${value}' at '${path}' failed to satisfy constraint: ${constraint}`;
}

function missing(path: string): string {
  return `Value null at '${path}' failed to satisfy constraint: Member must not be null`;
}

function atMost(length: number): string {
  return `Member must have length less than or equal to ${length}`;
}
