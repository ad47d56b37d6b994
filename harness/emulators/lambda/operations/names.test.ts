import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '../../../edge/emulator.ts';
import { type LambdaBench, lambdaBench, ROLE, ZIP } from '../testing.ts';

let bench: LambdaBench;
beforeAll(async () => {
  bench = await lambdaBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

type Name = { readonly FunctionName: string; readonly Qualifier?: string };

/** What an operation answers for a function that is not there: the error's name and what it says. */
async function answerOf(operation: string, { FunctionName, Qualifier }: Name): Promise<readonly [string, string]> {
  const found = bench.emulator.operations.find(({ schema }) => schema[2] === operation) as Operation<object>;
  const call = { requestId: 'r', region: 'us-east-1', accountId: '000000000000', request: { headers: {} } } as never;
  const wholeName = Qualifier === undefined ? FunctionName : `${FunctionName}:${Qualifier}`;
  const input =
    operation === 'CreateFunction'
      ? { FunctionName: wholeName, Role: ROLE, Runtime: 'nodejs22.x', Handler: 'i.h', Code: { ZipFile: ZIP } }
      : { FunctionName, Qualifier };
  try {
    await found.run(input, call);
  } catch (error) {
    const { code, message } = error as { readonly code: string; readonly message: string };
    return [code, message];
  }
  throw new Error(`${operation} found ${FunctionName}.`);
}

const BEFORE =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?';
const CREATED = `${BEFORE}([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`;
const FOUND = `${BEFORE}([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`;
const QUALIFIERS = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';

const problem = (path: string, value: string, constraint: string) =>
  `Value '${value}' at '${path}' failed to satisfy constraint: ${constraint}`;
const pattern = (value: string, allowed: string, path = 'functionName') =>
  problem(path, value, `Member must satisfy regular expression pattern: ${allowed}`);
const tooLong = (value: string, max: number, path = 'functionName') =>
  problem(path, value, `Member must have length less than or equal to ${max}`);
const violations = (...problems: string[]) => [
  'ValidationException',
  `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected: ${problems.join('; ')}`,
];
const notFound = (what: string) => [
  'ResourceNotFoundException',
  `Function not found: arn:aws:lambda:us-east-1:000000000000:function:${what}`,
];
const mismatch = [
  'InvalidParameterValueException',
  'The derived qualifier from the function name does not match the specified qualifier.',
];

const HERE = 'arn:aws:lambda:us-east-1:000000000000:function';
const NOWHERE = 'arn:aws:lambda:invalid-region:000000000000:function';
const LONG_NAME = 'a'.repeat(65);
const LONG_QUALIFIER = 'a'.repeat(129);
const LONG_ARN = `${NOWHERE}:my-function-${'a'.repeat(170)}`;

describe('names that AWS was seen to refuse', () => {
  test.each([
    'my-function!',
    '*',
    'invalid-account:function:my-function',
    `${NOWHERE}:my-function`,
    'arn:aws:ec2:us-east-1:000000000000:instance:i-1234567890abcdef0',
    `${HERE}:my-function:1:2`,
    'function:my-function:$LATEST:extra',
    'arn:aws:lambda::000000000000:function:my-function',
    'arn:aws:lambda:us-east-1::function:my-function',
    `${HERE}:my-function:$LATES`,
  ])('%s is no name', async (FunctionName) => {
    for (const operation of ['GetFunction', 'DeleteFunction', 'Invoke']) {
      expect(await answerOf(operation, { FunctionName })).toEqual(violations(pattern(FunctionName, FOUND)));
    }
    expect(await answerOf('CreateFunction', { FunctionName })).toEqual(violations(pattern(FunctionName, CREATED)));
  });

  test('one that is no name and too long is told both when a function is created, and the first otherwise', async () => {
    for (const operation of ['GetFunction', 'DeleteFunction', 'Invoke']) {
      expect(await answerOf(operation, { FunctionName: LONG_ARN })).toEqual(violations(pattern(LONG_ARN, FOUND)));
      expect(await answerOf(operation, { FunctionName: LONG_ARN, Qualifier: LONG_QUALIFIER })).toEqual(
        violations(pattern(LONG_ARN, FOUND), tooLong(LONG_QUALIFIER, 128, 'qualifier')),
      );
    }
    expect(await answerOf('CreateFunction', { FunctionName: LONG_ARN })).toEqual(
      violations(pattern(LONG_ARN, CREATED), tooLong(LONG_ARN, 140)),
    );
  });

  test.each<[string, Name, readonly string[], readonly string[], readonly string[]]>([
    [
      'a name of 65 characters',
      { FunctionName: LONG_NAME },
      notFound(LONG_NAME),
      notFound(LONG_NAME),
      notFound(`${LONG_NAME}:$LATEST`),
    ],
    [
      'a qualifier with a wrong character',
      { FunctionName: 'my-function', Qualifier: 'invalid!' },
      violations(pattern('invalid!', QUALIFIERS, 'qualifier')),
      violations(pattern('invalid!', QUALIFIERS, 'qualifier')),
      violations(pattern('invalid!', QUALIFIERS, 'qualifier')),
    ],
    [
      'a qualifier of 129 characters',
      { FunctionName: 'my-function', Qualifier: LONG_QUALIFIER },
      violations(tooLong(LONG_QUALIFIER, 128, 'qualifier')),
      violations(tooLong(LONG_QUALIFIER, 128, 'qualifier')),
      violations(tooLong(LONG_QUALIFIER, 128, 'qualifier')),
    ],
    [
      'a qualifier of 65 characters',
      { FunctionName: 'my-function', Qualifier: LONG_NAME },
      notFound(`my-function:${LONG_NAME}`),
      ['InvalidParameterValueException', 'Deletion of aliases is not currently supported.'],
      notFound(`my-function:${LONG_NAME}`),
    ],
    [
      'two different qualifiers',
      { FunctionName: `${HERE}:my-function:$LATEST`, Qualifier: '1' },
      mismatch,
      mismatch,
      mismatch,
    ],
    [
      '$latest',
      { FunctionName: `${HERE}:my-function`, Qualifier: '$latest' },
      notFound('my-function:$latest'),
      notFound('my-function'),
      notFound('my-function:$latest'),
    ],
    [
      'an ARN that ends too early',
      { FunctionName: HERE },
      notFound('function'),
      notFound('function'),
      notFound('function:$LATEST'),
    ],
  ])('%s', async (_what, name, got, deleted, invoked) => {
    expect(await answerOf('GetFunction', name)).toEqual(got);
    expect(await answerOf('DeleteFunction', name)).toEqual(deleted);
    expect(await answerOf('Invoke', name)).toEqual(invoked);
  });

  test('a new function’s name of 65 characters is refused by an error of its own', async () => {
    expect(await answerOf('CreateFunction', { FunctionName: LONG_NAME })).toEqual([
      'InvalidParameterValueException',
      `1 validation error detected: ${tooLong(LONG_NAME, 64)}`,
    ]);
  });
});

test.each([
  'GetFunction',
  'GetFunctionConfiguration',
  'GetFunctionCodeSigningConfig',
  'GetFunctionConcurrency',
  'DeleteFunction',
])('%s of a function that is not there', async (operation) => {
  expect(await answerOf(operation, { FunctionName: 'nobody' })).toEqual(notFound('nobody'));
});

test.each([
  'GetFunction',
  'GetFunctionConfiguration',
  'GetFunctionCodeSigningConfig',
  'GetFunctionEventInvokeConfig',
  'GetFunctionConcurrency',
  'DeleteFunction',
  'Invoke',
])('%s cannot reach another region', async (operation) => {
  const FunctionName = 'arn:aws:lambda:eu-west-1:000000000000:function:my-function';
  expect(await answerOf(operation, { FunctionName })).toEqual([
    'ResourceNotFoundException',
    "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')",
  ]);
});
