import {
  AddPermissionCommand,
  type AddPermissionRequest,
  CreateFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  GetAccountSettingsCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  GetRuntimeManagementConfigCommand,
  InvokeCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListTagsCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigRequest,
  PutFunctionRecursionConfigCommand,
  PutRuntimeManagementConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACCOUNT, type LambdaBench, lambdaBench, QUEUE_ARN, WORKER, WORKER_ARN, ZIP } from '../testing.ts';

let bench: LambdaBench;
beforeEach(async () => {
  bench = await lambdaBench();
  await bench.client.send(new CreateFunctionCommand(WORKER));
});
afterEach(() => bench[Symbol.asyncDispose]());

const FunctionName = 'worker';
const ARN = `arn:aws:lambda:us-east-1:${ACCOUNT}:function`;
const invalid = (message: string) => ({ name: 'InvalidParameterValueException', message, Type: 'User' });
const missing = (message: string) => ({
  name: 'ResourceNotFoundException',
  message,
  $metadata: { httpStatusCode: 404 },
});
const violation = (constraint: string) => ({
  name: 'ValidationException',
  message: `1 validation error detected: ${constraint}`,
});
const unsupported = (what: string) => ({
  name: 'NotImplementedException',
  message: `The Lambda emulator of naetmul does not support ${what}.`,
});

describe('event invoke configs', () => {
  const put = (input: Partial<PutFunctionEventInvokeConfigRequest>) =>
    bench.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...input }));
  const get = (name = FunctionName) =>
    bench.client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: name }));
  const none = (arn: string) => missing(`The function ${arn} doesn't have an EventInvokeConfig`);

  test('putting replaces, updating keeps, and both are shown', async () => {
    const { $metadata: _, ...shown } = await put({ MaximumRetryAttempts: 0 });
    expect(shown).toEqual({
      FunctionArn: `${WORKER_ARN}:$LATEST`,
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnSuccess: {}, OnFailure: {} },
      LastModified: expect.any(Date),
    });
    expect((await put({ MaximumEventAgeInSeconds: 60 })).MaximumRetryAttempts).toBeUndefined();
    const OnFailure = { Destination: QUEUE_ARN };
    const update = { FunctionName, MaximumRetryAttempts: 1, DestinationConfig: { OnFailure } };
    await bench.client.send(new UpdateFunctionEventInvokeConfigCommand(update));
    const both = {
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: { OnSuccess: {}, OnFailure },
    };
    expect(await get()).toMatchObject(both);
    const list = new ListFunctionEventInvokeConfigsCommand({ FunctionName });
    expect((await bench.client.send(list)).FunctionEventInvokeConfigs).toMatchObject([both]);
    await bench.client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(get()).rejects.toMatchObject(none(`${WORKER_ARN}:$LATEST`));
    expect((await bench.client.send(list)).FunctionEventInvokeConfigs).toEqual([]);
  });

  test('another function may be a destination', async () => {
    await bench.client.send(new CreateFunctionCommand({ ...WORKER, FunctionName: 'other' }));
    const DestinationConfig = { OnSuccess: { Destination: `${ARN}:other` } };
    expect(await put({ DestinationConfig })).toMatchObject({
      DestinationConfig: { ...DestinationConfig, OnFailure: {} },
    });
  });

  test.each<[Partial<PutFunctionEventInvokeConfigRequest>, object]>([
    [{ FunctionName: 'nobody', MaximumRetryAttempts: 0 }, missing("The function doesn't exist.")],
    [{}, invalid('You must specify at least one of error handling or destination setting.')],
    [
      { MaximumRetryAttempts: 3 },
      violation(
        "Value '3' at 'maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 2",
      ),
    ],
    [
      { MaximumEventAgeInSeconds: 59 },
      violation(
        "Value '59' at 'maximumEventAgeInSeconds' failed to satisfy constraint: Member must have value greater than or equal to 60",
      ),
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: `${ARN}:nobody` } } },
      invalid(`The destination ARN ${ARN}:nobody is invalid.`),
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: WORKER_ARN } } },
      invalid("You can't specify the function as a destination for itself."),
    ],
    [
      { DestinationConfig: { OnSuccess: { Destination: `arn:aws:iam:us-east-1:${ACCOUNT}:function:a` } } },
      invalid(
        `The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=arn:aws:iam:us-east-1:${ACCOUNT}:function:a), onFailure=null) is invalid.`,
      ),
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: 'arn:aws:_-/!lambda:us-east-1:000000000000:function:a' } } },
      violation(
        "Value 'arn:aws:_-/!lambda:us-east-1:000000000000:function:a' at 'destinationConfig.onFailure.destination' failed to satisfy constraint: Member must satisfy regular expression pattern: $|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)",
      ),
    ],
    [
      { DestinationConfig: { OnFailure: { Destination: `arn:aws:sns:us-east-1:${ACCOUNT}:topic` } } },
      unsupported(`the destination arn:aws:sns:us-east-1:${ACCOUNT}:topic (DestinationConfig)`),
    ],
  ])('%j is refused', async (input, error) => {
    await expect(put(input)).rejects.toMatchObject(error);
  });

  test('a function that is not there has none either', async () => {
    await expect(get('nobody')).rejects.toMatchObject(none(`${ARN}:nobody:$LATEST`));
    await expect(
      bench.client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: 'nobody' })),
    ).rejects.toMatchObject(none(`${ARN}:nobody:$LATEST`));
  });
});

describe('concurrency', () => {
  const put = (ReservedConcurrentExecutions: number, name = FunctionName) =>
    bench.client.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions }));
  const get = () => bench.client.send(new GetFunctionConcurrencyCommand({ FunctionName }));

  test('is reserved, shown, known to the host, and given back', async () => {
    expect((await get()).ReservedConcurrentExecutions).toBeUndefined();
    expect(await put(0)).toMatchObject({ ReservedConcurrentExecutions: 0 });
    expect(await put(1)).toMatchObject({ ReservedConcurrentExecutions: 1 });
    expect(await get()).toMatchObject({ ReservedConcurrentExecutions: 1 });
    const { Concurrency } = await bench.client.send(new GetFunctionCommand({ FunctionName }));
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 1 });
    await bench.client.send(new InvokeCommand({ FunctionName }));
    const deleted = await bench.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(deleted.$metadata.httpStatusCode).toBe(204);
    await bench.client.send(new InvokeCommand({ FunctionName }));
    const revisions = bench.invoked.map(({ revision }) => revision);
    expect(revisions.map(({ reservedConcurrency }) => reservedConcurrency)).toEqual([1, undefined]);
    // Environments need not be made anew for it.
    expect(revisions[0]?.revisionId).toBe(revisions[1]?.revisionId);
  });

  test('leaves 100 to all others', async () => {
    await bench.client.send(new CreateFunctionCommand({ ...WORKER, FunctionName: 'other' }));
    await put(500, 'other');
    await expect(put(401)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message:
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
    });
    expect(await put(400)).toMatchObject({ ReservedConcurrentExecutions: 400 });
    const { AccountLimit, AccountUsage } = await bench.client.send(new GetAccountSettingsCommand({}));
    expect([AccountLimit, AccountUsage]).toEqual([
      {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: 1000,
        UnreservedConcurrentExecutions: 100,
      },
      { TotalCodeSize: 2 * ZIP.length, FunctionCount: 2 },
    ]);
  });

  test('is of functions, not of versions', async () => {
    await expect(put(1, `${WORKER_ARN}:$LATEST`)).rejects.toMatchObject(
      invalid(
        'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
      ),
    );
    await expect(put(1, 'nobody')).rejects.toMatchObject(missing(`Function not found: ${ARN}:nobody:$LATEST`));
  });
});

describe('permissions', () => {
  const S3 = { StatementId: 's3', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' };
  const add = (input: Partial<AddPermissionRequest> = {}) =>
    bench.client.send(new AddPermissionCommand({ FunctionName, ...S3, ...input }));
  const remove = (StatementId: string, name = FunctionName) =>
    bench.client.send(new RemovePermissionCommand({ FunctionName: name, StatementId }));
  const policy = async () => JSON.parse((await bench.client.send(new GetPolicyCommand({ FunctionName }))).Policy ?? '');

  test('are a policy', async () => {
    const SourceArn = 'arn:aws:s3:::bucket';
    const { Statement, $metadata } = await add({ SourceArn, SourceAccount: ACCOUNT });
    const statement = {
      Sid: 's3',
      Effect: 'Allow',
      Principal: { Service: 's3.amazonaws.com' },
      Action: 'lambda:InvokeFunction',
      Resource: WORKER_ARN,
      Condition: { StringEquals: { 'AWS:SourceAccount': ACCOUNT }, ArnLike: { 'AWS:SourceArn': SourceArn } },
    };
    expect([$metadata.httpStatusCode, JSON.parse(Statement ?? '')]).toEqual([201, statement]);
    await add({ StatementId: 'all', Principal: '*' });
    const all = { ...statement, Sid: 'all', Principal: '*', Condition: undefined };
    expect(await policy()).toEqual({ Version: '2012-10-17', Id: 'default', Statement: [statement, all] });
    await remove('s3');
    expect((await policy()).Statement).toEqual([all]);
    await remove('all');
    await expect(policy()).rejects.toMatchObject(missing('The resource you requested does not exist.'));
  });

  test.each([
    [ACCOUNT, { AWS: `arn:aws:iam::${ACCOUNT}:root` }],
    [`arn:aws:iam::${ACCOUNT}:user/me`, { AWS: `arn:aws:iam::${ACCOUNT}:user/me` }],
  ])('of %s', async (Principal, written) => {
    expect(JSON.parse((await add({ Principal })).Statement ?? '').Principal).toEqual(written);
  });

  test.each<[Partial<AddPermissionRequest>, object]>([
    [
      { StatementId: 'example.com' },
      violation(
        "Value 'example.com' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
      ),
    ],
    [{ Qualifier: '$LATEST' }, invalid('We currently do not support adding policies for $LATEST.')],
    [
      { Principal: 'invalid.nonaws.com' },
      invalid('The provided principal was invalid. Please check the principal and try again.'),
    ],
    [{ Qualifier: 'live' }, missing(`Cannot find alias arn: ${WORKER_ARN}:live`)],
    [{ Qualifier: '42' }, missing(`Function not found: ${WORKER_ARN}:42`)],
    [{ Qualifier: 'valid-with-$-sign' }, missing(`Function not found: ${WORKER_ARN}:valid-with-$-sign`)],
    [{ FunctionName: 'nobody' }, missing(`Function not found: ${ARN}:nobody`)],
  ])('%j is refused', async (input, error) => {
    await expect(add(input)).rejects.toMatchObject(error);
  });

  test('that are there already, or not there, are told', async () => {
    await expect(remove('s3')).rejects.toMatchObject(missing('No policy is associated with the given resource.'));
    await expect(remove('s3', 'nobody')).rejects.toMatchObject(missing(`No policy found for: ${ARN}:nobody`));
    await add();
    await expect(add()).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message:
        'The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.',
    });
    await expect(remove('s4')).rejects.toMatchObject(missing('Statement s4 is not found in resource policy.'));
  });

  test('change the function’s revision, and need the newest', async () => {
    const revision = async () =>
      (await bench.client.send(new GetFunctionCommand({ FunctionName }))).Configuration?.RevisionId;
    const RevisionId = await revision();
    await add({ RevisionId });
    expect(await revision()).not.toBe(RevisionId);
    const stale = (call: string) => ({
      name: 'PreconditionFailedException',
      message: `The Revision Id provided does not match the latest Revision Id. Call the ${call} API to retrieve the latest Revision Id`,
    });
    await expect(add({ StatementId: 's4', RevisionId })).rejects.toMatchObject(stale('GetPolicy'));
    const remove = new RemovePermissionCommand({ FunctionName, StatementId: 's3', RevisionId });
    await expect(bench.client.send(remove)).rejects.toMatchObject(stale('GetFunction/GetAlias'));
  });
});

describe('tags', () => {
  const tag = (Tags: Record<string, string>, Resource = WORKER_ARN) =>
    bench.client.send(new TagResourceCommand({ Resource, Tags }));
  const list = async () => (await bench.client.send(new ListTagsCommand({ Resource: WORKER_ARN }))).Tags;

  test('are added, replaced and taken away', async () => {
    expect((await tag({ A: 'a', B: 'b' })).$metadata.httpStatusCode).toBe(204);
    await tag({ B: '2', C: 'c' });
    expect(await list()).toEqual({ A: 'a', B: '2', C: 'c' });
    await bench.client.send(new UntagResourceCommand({ Resource: WORKER_ARN, TagKeys: ['A', 'nothing'] }));
    expect(await list()).toEqual({ B: '2', C: 'c' });
  });

  test('are limited and checked', async () => {
    await tag(Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}`, ''])));
    await expect(tag({ more: '' })).rejects.toMatchObject(invalid('Number of tags exceeds resource tag limit.'));
    await expect(tag({})).rejects.toMatchObject(invalid('An error occurred and the request cannot be processed.'));
    await expect(tag({ a: '' }, `${ARN}:nobody`)).rejects.toMatchObject(missing(`Function not found: ${ARN}:nobody`));
    await expect(tag({ a: '' }, `${WORKER_ARN}:live`)).rejects.toMatchObject(
      invalid('Tags on function aliases and versions are not supported. Please specify a function ARN.'),
    );
    const mapping = `arn:aws:lambda:us-east-1:${ACCOUNT}:event-source-mapping:8a4bbd38-0000-4000-8000-000000000000`;
    await expect(tag({ a: '' }, mapping)).rejects.toMatchObject(missing(`Event source mapping not found: ${mapping}`));
    await expect(tag({ a: '' }, `arn:aws:lambda:us-east-1:${ACCOUNT}:foobar:a`)).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});

test('what Terraform reads of every function is there', async () => {
  const signing = await bench.client.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }));
  expect([signing.FunctionName, signing.CodeSigningConfigArn]).toEqual([undefined, undefined]);
  const recursion = new GetFunctionRecursionConfigCommand({ FunctionName });
  expect((await bench.client.send(recursion)).RecursiveLoop).toBe('Terminate');
  await bench.client.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'Allow' }));
  expect((await bench.client.send(recursion)).RecursiveLoop).toBe('Allow');
  const runtime = new GetRuntimeManagementConfigCommand({ FunctionName });
  expect(await bench.client.send(runtime)).toMatchObject({ UpdateRuntimeOn: 'Auto' });
  await bench.client.send(new PutRuntimeManagementConfigCommand({ FunctionName, UpdateRuntimeOn: 'FunctionUpdate' }));
  expect(await bench.client.send(runtime)).toMatchObject({
    UpdateRuntimeOn: 'FunctionUpdate',
    FunctionArn: `${WORKER_ARN}:$LATEST`,
  });
  await expect(
    bench.client.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop: 'InvalidValue' as never })),
  ).rejects.toMatchObject(
    violation(
      "Value 'InvalidValue' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Terminate, Allow]",
    ),
  );
});

test('what is not here is refused by name', async () => {
  await expect(bench.client.send(new PublishVersionCommand({ FunctionName }))).rejects.toMatchObject(
    unsupported('the operation PublishVersion'),
  );
});
