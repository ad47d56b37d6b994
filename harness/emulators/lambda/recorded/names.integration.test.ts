import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROLE, ZIP } from '../testing.ts';
import { FUNCTION, type RecordedBench, type Refusal, recordedBench, refusal, refused } from './testing.ts';

/** How functions may be named, and what AWS was recorded to say of names that are none. */
let bench: RecordedBench;
beforeAll(async () => {
  bench = await recordedBench();
});
afterAll(() => bench[Symbol.asyncDispose]());

const BEFORE =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?';
const LONG_NAME = `${BEFORE}([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?`;
const NAME = `${BEFORE}([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`;
const QUALIFIER = '\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+';

const pattern = (value: string, expression: string, at = 'functionName') =>
  `Value '${value}' at '${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${expression}`;
const tooLong = (value: string, length: number, at = 'functionName') =>
  `Value '${value}' at '${at}' failed to satisfy constraint: Member must have length less than or equal to ${length}`;
const { violation, missing, invalid } = refusal;
const noName = (value: string) => violation(pattern(value, LONG_NAME));
const noNewName = (value: string) => violation(pattern(value, NAME));
const notFound = (name: string) => missing(`Function not found: ${FUNCTION}:${name}`);
const MISMATCH = invalid('The derived qualifier from the function name does not match the specified qualifier.');

const LONG = 'a'.repeat(65);
const LONGER = 'a'.repeat(129);
const FAR = `arn:aws:lambda:invalid-region:000000000000:function:my-function${'a'.repeat(170)}`;
const FARTHER = `arn:aws:lambda:invalid-region:000000000000:function:my-function-${'a'.repeat(170)}`;
const QUALIFIER_TOO_LONG = tooLong(LONGER, 128, 'qualifier');

/** A name, a qualifier, and the answers of GetFunction, DeleteFunction, Invoke and CreateFunction. */
type Case = readonly [string, string | undefined, Refusal, Refusal, Refusal, Refusal | 'created'];

/** Names that are none to anybody. */
const unusable = (name: string): Case => [name, undefined, noName(name), noName(name), noName(name), noNewName(name)];

test.each<Case>([
  unusable('*'),
  unusable('my-function!'),
  unusable('invalid-account:function:my-function'),
  unusable('arn:aws:lambda:invalid-region:000000000000:function:my-function'),
  unusable('arn:aws:ec2:us-east-1:000000000000:instance:i-1234567890abcdef0'),
  unusable(`${FUNCTION}:my-function:1:2`),
  unusable('function:my-function:$LATEST:extra'),
  unusable('arn:aws:lambda::000000000000:function:my-function'),
  unusable('arn:aws:lambda:us-east-1::function:my-function'),
  unusable(`${FUNCTION}:my-function:$LATES`),
  [
    'my-function',
    'invalid!',
    ...three(violation(pattern('invalid!', QUALIFIER, 'qualifier'))),
    noNewName('my-function:invalid!'),
  ],
  ['my-function', LONGER, ...three(violation(QUALIFIER_TOO_LONG)), violation(tooLong(`my-function:${LONGER}`, 140))],
  [
    LONG,
    undefined,
    notFound(LONG),
    notFound(LONG),
    notFound(`${LONG}:$LATEST`),
    invalid(`1 validation error detected: ${tooLong(LONG, 64)}`),
  ],
  [FAR, undefined, noName(FAR), noName(FAR), noName(FAR), violation(pattern(FAR, NAME), tooLong(FAR, 140))],
  [
    FARTHER,
    LONGER,
    ...three(violation(pattern(FARTHER, LONG_NAME), QUALIFIER_TOO_LONG)),
    violation(pattern(`${FARTHER}:${LONGER}`, NAME), tooLong(`${FARTHER}:${LONGER}`, 140)),
  ],
  [
    'my-function',
    LONG,
    notFound(`my-function:${LONG}`),
    invalid('Deletion of aliases is not currently supported.'),
    notFound(`my-function:${LONG}`),
    'created',
  ],
  [FUNCTION, undefined, notFound('function'), notFound('function'), notFound('function:$LATEST'), 'created'],
  [
    `${FUNCTION}:my-function:$LATEST`,
    '1',
    MISMATCH,
    MISMATCH,
    MISMATCH,
    noNewName(`${FUNCTION}:my-function:$LATEST:1`),
  ],
  [
    `${FUNCTION}:my-function`,
    '$latest',
    notFound('my-function:$latest'),
    notFound('my-function'),
    notFound('my-function:$latest'),
    noNewName(`${FUNCTION}:my-function:$latest`),
  ],
])('%s with the qualifier %s', async (FunctionName, Qualifier, onGet, onDelete, onInvoke, onCreate) => {
  const { lambda } = bench;
  const named = { FunctionName, Qualifier };
  expect(sorted(await refused(lambda.send(new GetFunctionCommand(named))))).toEqual(sorted(onGet));
  expect(sorted(await refused(lambda.send(new DeleteFunctionCommand(named))))).toEqual(sorted(onDelete));
  expect(sorted(await refused(lambda.send(new InvokeCommand(named))))).toEqual(sorted(onInvoke));
  const creation = createAs(Qualifier === undefined ? FunctionName : `${FunctionName}:${Qualifier}`);
  if (onCreate !== 'created') {
    expect(sorted(await refused(creation))).toEqual(sorted(onCreate));
    return;
  }
  const made = (await creation).FunctionName ?? '';
  await lambda.send(new DeleteFunctionCommand({ FunctionName: made }));
});

/** In which order AWS tells several problems was not recorded. */
function sorted({ message, ...rest }: Refusal) {
  const [start, problems = ''] = message.split(' detected: ');
  return { ...rest, start, problems: problems.split('; ').sort() };
}

function three(one: Refusal): readonly [Refusal, Refusal, Refusal] {
  return [one, one, one];
}

const createAs = (FunctionName: string) =>
  bench.lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Role: ROLE,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Code: { ZipFile: ZIP },
    }),
  );

type Call = (client: LambdaClient, named: { FunctionName: string; Qualifier?: string }) => Promise<unknown>;
const CALLS: Readonly<Record<string, Call>> = {
  GetFunction: (client, named) => client.send(new GetFunctionCommand(named)),
  GetFunctionConfiguration: (client, named) => client.send(new GetFunctionConfigurationCommand(named)),
  GetFunctionEventInvokeConfig: (client, named) => client.send(new GetFunctionEventInvokeConfigCommand(named)),
  GetFunctionConcurrency: (client, named) => client.send(new GetFunctionConcurrencyCommand(named)),
  GetFunctionCodeSigningConfig: (client, named) => client.send(new GetFunctionCodeSigningConfigCommand(named)),
  DeleteFunction: (client, named) => client.send(new DeleteFunctionCommand(named)),
  Invoke: (client, named) => client.send(new InvokeCommand(named)),
};
const call = (name: string, FunctionName: string, Qualifier?: string) =>
  refused(CALLS[name]?.(bench.lambda, { FunctionName, ...(Qualifier ? { Qualifier } : {}) }) ?? Promise.resolve());

describe('a function that is not there', () => {
  const noConfig = (name: string) => missing(`The function ${FUNCTION}:${name} doesn't have an EventInvokeConfig`);

  test.each([
    ['DeleteFunction', notFound('nobody')],
    ['GetFunction', notFound('nobody')],
    ['GetFunctionConfiguration', notFound('nobody')],
    ['GetFunctionCodeSigningConfig', notFound('nobody')],
    ['GetFunctionConcurrency', notFound('nobody')],
    ['GetFunctionEventInvokeConfig', noConfig('nobody:$LATEST')],
    ['Invoke', notFound('nobody:$LATEST')],
  ])('%s', async (name, expected) => {
    expect(await call(name, 'nobody')).toEqual(expected);
  });

  test('nor is a version', async () => {
    await createAs('versionless');
    for (const name of ['GetFunction', 'GetFunctionConfiguration']) {
      expect(await call(name, 'versionless', '1221')).toEqual(notFound('versionless:1221'));
    }
    expect(await call('GetFunctionEventInvokeConfig', 'versionless', '1221')).toEqual(noConfig('versionless:1221'));
    expect(await call('DeleteFunction', 'nobody', '1221')).toEqual(notFound('nobody'));
  });
});

test('an ARN’s qualifier and the parameter must be the same; $LATEST cannot be deleted', async () => {
  const arn = `${FUNCTION}:some-function`;
  for (const name of ['DeleteFunction', 'GetFunction', 'GetFunctionConfiguration']) {
    expect(await call(name, `${arn}:1`, '$LATEST')).toEqual(MISMATCH);
  }
  expect(await call('DeleteFunction', `${arn}:$LATEST`, '$LATEST')).toEqual(
    invalid('$LATEST version cannot be deleted without deleting the function.'),
  );
  for (const name of ['GetFunction', 'GetFunctionConfiguration']) {
    expect(await call(name, `${arn}:$LATEST`, '$LATEST')).toEqual(notFound('some-function:$LATEST'));
  }
});

test('functions of another region are out of reach, those of another account without a word', async () => {
  const elsewhere = 'arn:aws:lambda:eu-west-1:000000000000:function:worker';
  for (const name of Object.keys(CALLS)) {
    expect(await call(name, elsewhere)).toEqual(
      missing("Functions from 'eu-west-1' are not reachable in this region ('us-east-1')"),
    );
  }
  expect(await refused(createAs('arn:aws:lambda:ap-southeast-1:000000000000:function:worker'))).toEqual(
    missing("Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')"),
  );
  expect(await refused(createAs('arn:aws:lambda:us-east-1:123456789012:function:worker'))).toMatchObject({
    status: 403,
    code: 'AccessDeniedException',
  });
});

test('ARNs and partial ARNs name a new function', async () => {
  expect(await createAs(`${FUNCTION}:by-arn`)).toMatchObject({ FunctionName: 'by-arn' });
  expect(await createAs('000000000000:function:by-partial-arn')).toMatchObject({
    FunctionArn: `${FUNCTION}:by-partial-arn`,
  });
  expect(await refused(createAs('invalid:function:name'))).toEqual(noNewName('invalid:function:name'));
  const long = `${FUNCTION}:${'a'.repeat(141 - FUNCTION.length - 1)}`;
  expect(await refused(createAs(long))).toEqual(violation(tooLong(long, 140)));
});

test('an account with an @ in it is no ARN', async () => {
  const name = 'arn:aws:lambda:us-east-1:123400000000@function:myfn';
  expect(await call('Invoke', name)).toEqual(noName(name));
});
