import {
  CreateFunctionCommand,
  type CreateFunctionRequest,
  DeleteFunctionCommand,
  type FunctionConfiguration,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ROLE, ZIP, zipOf } from '../testing.ts';
import { answer, FUNCTION, type RecordedBench, recordedBench, refusal, refused, UUID } from './testing.ts';

/** Functions, their code and their configuration, as AWS was recorded to show and to refuse them. */
let bench: RecordedBench;
beforeAll(async () => {
  bench = await recordedBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
afterEach(async () => {
  const { Functions = [] } = await bench.lambda.send(new ListFunctionsCommand({}));
  for (const { FunctionName } of Functions) await bench.lambda.send(new DeleteFunctionCommand({ FunctionName }));
});

const { invalid, violation, missing } = refusal;
const NEW: CreateFunctionRequest = {
  FunctionName: 'brook',
  Role: ROLE,
  Runtime: 'python3.12',
  Handler: 'handler.handler',
  Code: { ZipFile: ZIP },
};
const OTHER_ZIP = zipOf({ name: 'handler.py', content: 'def handler(event, context):\n    return 1\n' });

const create = (changes: Partial<CreateFunctionRequest> = {}) =>
  bench.lambda.send(new CreateFunctionCommand({ ...NEW, ...changes }));
const configure = (changes: Partial<UpdateFunctionConfigurationRequest>) =>
  bench.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'brook', ...changes }));
const updateCode = (ZipFile: Buffer, RevisionId?: string) =>
  bench.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'brook', ZipFile, RevisionId }));
const get = () => answer(bench.lambda.send(new GetFunctionCommand({ FunctionName: 'brook' })));

/** The members of every recorded configuration of a function, with its values where they do not vary. */
const SHOWN = {
  Architectures: ['x86_64'],
  CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
  CodeSize: expect.any(Number),
  Description: '',
  EphemeralStorage: { Size: 512 },
  FunctionArn: `${FUNCTION}:brook`,
  FunctionName: 'brook',
  Handler: 'handler.handler',
  LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
  LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/brook' },
  MemorySize: 128,
  PackageType: 'Zip',
  RevisionId: expect.stringMatching(UUID),
  Role: ROLE,
  Runtime: 'python3.12',
  RuntimeVersionConfig: {
    RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:[0-9a-f]{64}$/),
  },
  SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
  Version: '$LATEST',
};
const PENDING = { State: 'Pending', StateReason: 'The function is being created.', StateReasonCode: 'Creating' };
const UPDATING = {
  State: 'Active',
  LastUpdateStatus: 'InProgress',
  LastUpdateStatusReason: 'The function is being created.',
  LastUpdateStatusReasonCode: 'Creating',
};
const ACTIVE = { State: 'Active', LastUpdateStatus: 'Successful' };
const CODE = { Location: expect.any(String), RepositoryType: 'S3' };

test('a function is created, configured, given other code and deleted', async () => {
  const given = { MemorySize: 256, Timeout: 5, Environment: { Variables: {} } };
  expect(await answer(create(given))).toEqual({ ...SHOWN, ...given, ...PENDING });
  expect(await get()).toEqual({ Code: CODE, Configuration: { ...SHOWN, ...given, ...ACTIVE } });
  const changed = {
    Description: 'Changed',
    Environment: { Variables: { STAGE: 'a' } },
    MemorySize: 512,
    Runtime: 'python3.11' as const,
    Timeout: 10,
  };
  expect(await answer(configure(changed))).toEqual({ ...SHOWN, ...changed, ...UPDATING });
  expect((await get()).Configuration).toEqual({ ...SHOWN, ...changed, ...ACTIVE });
  const { CodeSha256: before } = (await get()).Configuration ?? {};
  const updated = await answer(updateCode(OTHER_ZIP));
  expect(updated).toEqual({ ...SHOWN, ...changed, ...UPDATING });
  expect(updated.CodeSha256).not.toBe(before);
  expect((await get()).Configuration).toEqual({ ...SHOWN, ...changed, ...ACTIVE });
  const deletion = new DeleteFunctionCommand({ FunctionName: 'brook' });
  expect((await bench.lambda.send(deletion)).$metadata.httpStatusCode).toBe(204);
  expect(await refused(bench.lambda.send(deletion))).toEqual(missing(`Function not found: ${FUNCTION}:brook`));
  expect(await answer(create())).toEqual({ ...SHOWN, ...PENDING });
});

test('an update that changes nothing is an update, and each one a revision', async () => {
  const revisions = new Set<string | undefined>();
  const note = ({ RevisionId, Description }: FunctionConfiguration) => {
    revisions.add(RevisionId);
    return Description;
  };
  note(await create({ Description: 'initial' }));
  for (const _again of [1, 2]) {
    const update = await answer(configure({ Description: 'first' }));
    expect(update).toEqual({ ...SHOWN, ...UPDATING, Description: 'first' });
    note(update);
    const shown = await answer(bench.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'brook' })));
    expect(note(shown)).toBe('first');
    note((await get()).Configuration ?? {});
  }
  expect(revisions.size).toBe(5);
});

test('an update may name the function by its ARN', async () => {
  await create();
  expect(await configure({ FunctionName: `${FUNCTION}:brook`, Description: 'by ARN' })).toMatchObject({
    FunctionName: 'brook',
    Description: 'by ARN',
  });
});

test('a revision that is not the newest is not updated', async () => {
  await create();
  const revision = async () => (await get()).Configuration?.RevisionId;
  const active = await revision();
  expect(await refused(updateCode(OTHER_ZIP, 'wrong'))).toEqual(refusal.stale('GetFunction/GetAlias'));
  await updateCode(OTHER_ZIP, active);
  expect(await refused(configure({ Runtime: 'python3.13', RevisionId: 'wrong' }))).toEqual(
    refusal.stale('GetFunction/GetAlias'),
  );
  expect(await answer(configure({ Runtime: 'python3.13', RevisionId: await revision() }))).toMatchObject({
    Runtime: 'python3.13',
    ...UPDATING,
  });
});

test('a VPC is shown, changed and taken away', async () => {
  const vpc = (n: number) => ({ SubnetIds: [`subnet-${n}`], SecurityGroupIds: [`sg-${n}`] });
  const shown = { VpcId: expect.stringMatching(/^vpc-/), Ipv6AllowedForDualStack: false };
  expect((await create({ VpcConfig: vpc(1) })).VpcConfig).toEqual({ ...vpc(1), ...shown });
  expect((await configure({ VpcConfig: vpc(2) })).VpcConfig).toEqual({ ...vpc(2), ...shown });
  const none = { SubnetIds: [], SecurityGroupIds: [] };
  expect((await configure({ VpcConfig: none })).VpcConfig).toEqual({
    ...none,
    VpcId: '',
    Ipv6AllowedForDualStack: false,
  });
});

test('lists leave states and runtime versions out', async () => {
  await create({ Environment: { Variables: {} } });
  await create({ FunctionName: 'other' });
  const { Functions = [] } = await bench.lambda.send(new ListFunctionsCommand({}));
  const { RuntimeVersionConfig: _, ...listed } = SHOWN;
  expect(Functions.map(({ FunctionName }) => FunctionName)).toEqual(['brook', 'other']);
  expect(Functions[0]).toEqual({ ...listed, Environment: { Variables: {} } });
  expect(await refused(bench.lambda.send(new ListFunctionsCommand({ FunctionVersion: 'invalid' as 'ALL' })))).toEqual(
    violation(
      "Value 'invalid' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]",
    ),
  );
});

test('a log group of its own is shown in place of the usual one', async () => {
  await create();
  const LoggingConfig = { LogFormat: 'Text', LogGroup: 'cool_lambda' };
  expect((await configure({ LoggingConfig: { LogGroup: 'cool_lambda' } })).LoggingConfig).toEqual(LoggingConfig);
  expect((await get()).Configuration?.LoggingConfig).toEqual(LoggingConfig);
});

test('an architecture is changed with the code', async () => {
  await create();
  const update = new UpdateFunctionCodeCommand({ FunctionName: 'brook', ZipFile: ZIP, Architectures: ['arm64'] });
  expect(await answer(bench.lambda.send(update))).toEqual({ ...SHOWN, ...UPDATING, Architectures: ['arm64'] });
});

test('the account’s settings count functions and the bytes of their code', async () => {
  const settings = () => answer(bench.lambda.send(new GetAccountSettingsCommand({})));
  const before = await settings();
  expect([Object.keys(before.AccountLimit ?? {}).sort(), Object.keys(before.AccountUsage ?? {}).sort()]).toEqual([
    ['CodeSizeUnzipped', 'CodeSizeZipped', 'ConcurrentExecutions', 'TotalCodeSize', 'UnreservedConcurrentExecutions'],
    ['FunctionCount', 'TotalCodeSize'],
  ]);
  const bytes = async () => (await settings()).AccountUsage?.TotalCodeSize ?? 0;
  await create();
  expect(await bytes()).toBe((before.AccountUsage?.TotalCodeSize ?? 0) + ZIP.length);
  await configure({ Description: 'no code' });
  expect(await bytes()).toBe((before.AccountUsage?.TotalCodeSize ?? 0) + ZIP.length);
});

const RUNTIMES =
  'nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2';
const noRole = violation(
  "Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
);
const noRuntime = (name: string) =>
  invalid(
    `Value ${name} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [${RUNTIMES}] or be a valid ARN`,
  );
const variables = (size: number) => `{"LARGE_VAR":"${'x'.repeat(size)}"}`;
const tooMany = (measured: string) =>
  invalid(
    `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${measured}`,
  );

describe('what is refused', () => {
  test.each([
    [{ Role: 'r1' }, noRole],
    [{ Runtime: 'non-existent-runtime' }, noRuntime('non-existent-runtime')],
    [{ Runtime: 'PYTHON3.9' }, noRuntime('PYTHON3.9')],
    [
      { Architectures: ['x86_64', 'arm64'] },
      violation(
        "Value '[x86_64, arm64]' at 'architectures' failed to satisfy constraint: Member must have length less than or equal to 1",
      ),
    ],
    [
      { Architectures: ['X86_64'] },
      violation(
        "Value '[X86_64]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
      ),
    ],
    [
      { Code: { ZipFile: Buffer.from('not a zip') } },
      invalid('Could not unzip uploaded file. Please check your file, then try to upload again.'),
    ],
    [
      { Code: { ZipFile: zipOf({ name: 'a', content: '', claimedSize: 262_144_001 }) } },
      invalid('Unzipped size must be smaller than 262144000 bytes'),
    ],
    [{ Environment: { Variables: { LARGE_VAR: 'x'.repeat(4090) } } }, tooMany(variables(4090))],
    [
      { Environment: { Variables: { SMALL_VAR: 'ok', LARGE_VAR: 'x'.repeat(4070) } } },
      tooMany(`{"SMALL_VAR":"ok","LARGE_VAR":"${'x'.repeat(4070)}"}`),
    ],
    [
      { SnapStart: { ApplyOn: 'invalidOption' } },
      violation(
        "Value 'invalidOption' at 'snapStart.applyOn' failed to satisfy constraint: Member must satisfy enum value set: [PublishedVersions, None]",
      ),
    ],
    [
      { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`${n}_key`, `${n}_value`])) },
      invalid('Number of tags exceeds resource tag limit.'),
    ],
    [
      { VpcConfig: { SubnetIds: ['bad-format'], SecurityGroupIds: ['sg-1'] } },
      violation(
        "Value '[bad-format]' at 'vpcConfig.subnetIds' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: subnet-[0-9a-z]*]",
      ),
    ],
    [
      { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['bad-format'] } },
      violation(
        "Value '[bad-format]' at 'vpcConfig.securityGroupIds' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: sg-[0-9a-zA-Z]*]",
      ),
    ],
  ])('creating with %#', async (changes, expected) => {
    expect(await refused(create(changes as Partial<CreateFunctionRequest>))).toEqual(expected);
  });

  test.each([
    'java8',
    'go1.x',
    'provided',
    'ruby2.7',
    'nodejs14.x',
    'python3.7',
    'dotnetcore3.1',
    'nodejs12.x',
  ])('creating with %s, which is no more', async (runtime) => {
    expect(await refused(create({ Runtime: runtime as 'java8' }))).toEqual(
      invalid(
        `The runtime parameter of ${runtime} is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.`,
      ),
    );
  });

  test('configuring with what is no role and no runtime', async () => {
    await create();
    expect(await refused(configure({ Role: 'r1' }))).toEqual(noRole);
    for (const runtime of ['non-existent-runtime', 'PYTHON3.9']) {
      expect(await refused(configure({ Runtime: runtime as 'java8' }))).toEqual(noRuntime(runtime));
    }
  });

  test('a zip file over 50 MB, and a request over 67 MB', async () => {
    const tooLarge = (message: string) => ({ status: 413, code: 'RequestEntityTooLargeException', message });
    expect(await refused(create({ Code: { ZipFile: Buffer.alloc(52_428_801) } }))).toEqual(
      tooLarge('Zipped size must be smaller than 52428800 bytes'),
    );
    expect(await refused(create({ Code: { ZipFile: Buffer.alloc(52_700_000) } }))).toEqual(
      tooLarge('Request must be smaller than 70167211 bytes for the CreateFunction operation'),
    );
  });
});

test('variables of just 4 KB are accepted, and so is a large zip file', async () => {
  const Variables = { LARGE_VAR: 'x'.repeat(4096 - variables(0).length) };
  expect((await create({ Environment: { Variables } })).Environment).toEqual({ Variables });
  const ZipFile = zipOf(
    { name: 'a', content: 'def handler(event, context): pass' },
    { name: 'b', content: 'x'.repeat(39 * 1024 ** 2) },
  );
  expect(await answer(create({ FunctionName: 'large', Code: { ZipFile }, Timeout: 10 }))).toMatchObject(PENDING);
});
