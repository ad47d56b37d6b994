import {
  AddPermissionCommand,
  type AddPermissionRequest,
  CreateEventSourceMappingCommand,
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  type DestinationConfig,
  GetEventSourceMappingCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListTagsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  type PutFunctionEventInvokeConfigRequest,
  PutFunctionRecursionConfigCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionEventInvokeConfigCommand,
  type UpdateFunctionEventInvokeConfigRequest,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answer, FUNCTION, type RecordedBench, recordedBench, refusal, refused, UUID } from './testing.ts';

/** What can be set about a function besides its configuration, as AWS was recorded to answer. */
let bench: RecordedBench;
let FunctionName: string;
let arn: string;
let serial = 0;
beforeAll(async () => {
  bench = await recordedBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(async () => {
  FunctionName = `brook-${serial++}`;
  arn = `${FUNCTION}:${FunctionName}`;
  await bench.node(FunctionName, 'export const handler = async (event) => event;\n');
});

const { invalid, missing, violation } = refusal;
const MISMATCH = invalid('The derived qualifier from the function name does not match the specified qualifier.');

describe('event invoke configs', () => {
  type Put = Partial<PutFunctionEventInvokeConfigRequest>;
  const put = (input: Put) =>
    answer(bench.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...input })));
  const update = (input: Partial<UpdateFunctionEventInvokeConfigRequest>) =>
    answer(bench.lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, ...input })));
  const get = (input: { FunctionName?: string; Qualifier?: string } = {}) =>
    answer(bench.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, ...input })));
  const remove = (name = FunctionName) =>
    bench.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName: name }));
  const list = async (name = FunctionName) =>
    (await bench.lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName: name })))
      .FunctionEventInvokeConfigs;
  const shown = (members: object) => ({
    DestinationConfig: { OnFailure: {}, OnSuccess: {} },
    FunctionArn: `${arn}:$LATEST`,
    LastModified: expect.any(Date),
    ...members,
  });
  const noConfig = (name: string) => missing(`The function ${FUNCTION}:${name} doesn't have an EventInvokeConfig`);

  test('putting replaces all, updating keeps what is not given', async () => {
    expect(await put({ MaximumRetryAttempts: 0 })).toEqual(shown({ MaximumRetryAttempts: 0 }));
    const AGE_60 = { MaximumEventAgeInSeconds: 60 };
    expect(await put(AGE_60)).toEqual(shown(AGE_60));
    expect(await update(AGE_60)).toEqual(shown(AGE_60));
    const both = shown({ ...AGE_60, MaximumRetryAttempts: 1 });
    expect(await update({ MaximumRetryAttempts: 1 })).toEqual(both);
    expect(await get()).toEqual(both);
    expect(await get({ Qualifier: '$LATEST' })).toEqual(both);
    expect(await list()).toEqual([both]);
    const MOST = { MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 21_600 };
    expect(await put(MOST)).toEqual(shown(MOST));
    expect((await remove()).$metadata.httpStatusCode).toBe(204);
    expect(await list()).toEqual([]);
  });

  test('a destination is another function, or none', async () => {
    const other = `${FunctionName}-other`;
    await bench.node(other, '');
    const OnSuccess = { Destination: `${FUNCTION}:${other}` };
    expect(await put({ DestinationConfig: { OnSuccess } })).toEqual(
      shown({ DestinationConfig: { OnFailure: {}, OnSuccess } }),
    );
    for (const DestinationConfig of [{ OnSuccess: {} }, { OnFailure: {} }]) {
      expect(await put({ DestinationConfig })).toEqual(shown({}));
    }
  });

  test('a qualifier may be in the name, in the parameter, or the same in both', async () => {
    const one = { MaximumRetryAttempts: 1 };
    expect(await put({ ...one, Qualifier: '$LATEST' })).toEqual(shown(one));
    expect(await put({ ...one, FunctionName: `${FunctionName}:$LATEST`, Qualifier: '$LATEST' })).toEqual(shown(one));
    for (const [own, Qualifier] of [
      ['1', '$LATEST'],
      ['$LATEST', '1'],
      ['1', 'live'],
      ['live', 'other'],
    ] as const) {
      expect(await refused(put({ ...one, FunctionName: `${FunctionName}:${own}`, Qualifier }))).toEqual(MISMATCH);
    }
    expect(await refused(put({ ...one, Qualifier: 'live' }))).toEqual(missing("The function doesn't exist."));
  });

  test('destinations that are none are refused', async () => {
    const to = (OnSuccess: DestinationConfig['OnSuccess']) => refused(put({ DestinationConfig: { OnSuccess } }));
    const nobody = `${FUNCTION}:doesnotexist`;
    expect(await to({ Destination: nobody })).toEqual(invalid(`The destination ARN ${nobody} is invalid.`));
    expect(await to({ Destination: arn })).toEqual(
      invalid("You can't specify the function as a destination for itself."),
    );
    const role = arn.replace(':lambda:', ':iam:');
    expect(await to({ Destination: role })).toEqual(
      invalid(
        `The provided destination config DestinationConfig(onSuccess=OnSuccess(destination=${role}), onFailure=null) is invalid.`,
      ),
    );
    const Destination = arn.replace(':lambda:', ':_-/!lambda:');
    expect(await refused(put({ DestinationConfig: { OnFailure: { Destination } } }))).toEqual(
      violation(
        `Value '${Destination}' at 'destinationConfig.onFailure.destination' failed to satisfy constraint: Member must satisfy regular expression pattern: $|kafka://([^.]([a-zA-Z0-9\\-_.]{0,248}))|arn:(aws[a-zA-Z0-9-]*):([a-zA-Z0-9\\-])+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:(.*)`,
      ),
    );
  });

  test('a function that is not there, or has none, is told', async () => {
    const gone = missing("The function doesn't exist.");
    const FunctionName_ = 'doesnotexist';
    const one = { MaximumRetryAttempts: 1 };
    expect(await refused(put({ FunctionName: FunctionName_, ...one }))).toEqual(gone);
    expect(await refused(put({ FunctionName: `${FUNCTION}:doesnotexist`, ...one }))).toEqual(gone);
    expect(await refused(put({ FunctionName: FunctionName_ }))).toEqual(
      invalid('You must specify at least one of error handling or destination setting.'),
    );
    expect(await refused(update({ FunctionName: FunctionName_, ...one }))).toEqual(gone);
    expect(await refused(list(FunctionName_))).toEqual(gone);
    const none = noConfig('doesnotexist:$LATEST');
    expect(await refused(get({ FunctionName: FunctionName_ }))).toEqual(none);
    expect(await refused(remove(FunctionName_))).toEqual(none);
    expect(await refused(remove())).toEqual(noConfig(`${FunctionName}:$LATEST`));
    expect(await refused(get({ Qualifier: 'doesnotexist' }))).toEqual(noConfig(`${FunctionName}:doesnotexist`));
    expect(await refused(update({ FunctionName: arn, MaximumRetryAttempts: 0 }))).toEqual(
      noConfig(`${FunctionName}:$LATEST`),
    );
  });
});

describe('reserved concurrency', () => {
  const put = (ReservedConcurrentExecutions: number, name = FunctionName) =>
    answer(bench.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions })));
  const get = () => answer(bench.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })));

  test('is put, shown and deleted', async () => {
    expect(await get()).toEqual({});
    for (const ReservedConcurrentExecutions of [0, 1, 3]) {
      expect(await put(ReservedConcurrentExecutions)).toEqual({ ReservedConcurrentExecutions });
      expect(await get()).toEqual({ ReservedConcurrentExecutions });
    }
    const { Concurrency } = await bench.lambda.send(new GetFunctionCommand({ FunctionName }));
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 3 });
    const deletion = await bench.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(deletion.$metadata.httpStatusCode).toBe(204);
    expect(await get()).toEqual({});
  });

  test('is refused for what is no function, and beyond what the account has', async () => {
    const gone = missing(`Function not found: ${FUNCTION}:doesnotexist:$LATEST`);
    expect(await refused(put(1, 'doesnotexist'))).toEqual(gone);
    expect(await refused(put(100_000, 'doesnotexist'))).toEqual(gone);
    expect(await refused(put(1, `${arn}:$LATEST`))).toEqual(
      invalid(
        'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.',
      ),
    );
    for (const tooMany of [1001, 901]) {
      expect(await refused(put(tooMany))).toMatchObject({
        status: 400,
        code: 'InvalidParameterValueException',
        message:
          "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
      });
    }
  });
});

describe('permissions', () => {
  const S3 = { StatementId: 's3', Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' };
  const SourceArn = 'arn:aws:s3:::test-bucket';
  const add = (input: Partial<AddPermissionRequest> = {}) =>
    bench.lambda.send(new AddPermissionCommand({ FunctionName, ...S3, ...input }));
  const added = async (input: Partial<AddPermissionRequest>) => {
    const { $metadata, Statement = '' } = await add(input);
    expect($metadata.httpStatusCode).toBe(201);
    return JSON.parse(Statement);
  };
  const policy = async (input: { FunctionName?: string; Qualifier?: string } = {}) => {
    const { Policy = '', RevisionId } = await bench.lambda.send(new GetPolicyCommand({ FunctionName, ...input }));
    return { Policy: JSON.parse(Policy), RevisionId };
  };
  const remove = (StatementId: string, more: object = {}) =>
    bench.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId, ...more }));
  const statement = (members: object = {}) => ({
    Sid: 's3',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: arn,
    ...members,
  });
  const NO_POLICY = missing('The resource you requested does not exist.');

  test('become statements, in order, and are taken away one by one', async () => {
    const like = { Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } } };
    expect(await added({ SourceArn })).toEqual(statement(like));
    expect(await policy()).toEqual({
      Policy: { Version: '2012-10-17', Id: 'default', Statement: [statement(like)] },
      RevisionId: expect.stringMatching(UUID),
    });
    const sqs = { Sid: 'sqs', Principal: { Service: 'sqs.amazonaws.com' } };
    expect(await added({ StatementId: 'sqs', Principal: 'sqs.amazonaws.com' })).toEqual(statement(sqs));
    const both = await policy();
    expect(both.Policy.Statement).toEqual([statement(like), statement(sqs)]);
    expect(await refused(remove('non-existent'))).toEqual(
      missing('Statement non-existent is not found in resource policy.'),
    );
    await remove('sqs');
    const left = await policy();
    expect(left.Policy.Statement).toEqual([statement(like)]);
    expect(left.RevisionId).not.toBe(both.RevisionId);
    expect(await refused(remove('sqs'))).toMatchObject({ code: 'ResourceNotFoundException' });
    expect(await policy()).toEqual(left);
    await remove('s3');
    expect(await refused(policy())).toEqual(NO_POLICY);
  });

  test.each<[string, Partial<AddPermissionRequest>, object]>([
    [
      'everybody of an account',
      { Principal: '*', SourceAccount: '000000000000' },
      { Principal: '*', Condition: { StringEquals: { 'AWS:SourceAccount': '000000000000' } } },
    ],
    [
      'a service',
      { Principal: 'lambda.amazonaws.com', SourceAccount: '000000000000' },
      {
        Principal: { Service: 'lambda.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceAccount': '000000000000' } },
      },
    ],
    ['an account', { Principal: '000000000000' }, { Principal: { AWS: 'arn:aws:iam::000000000000:root' } }],
    [
      'a user',
      { Principal: 'arn:aws:iam::000000000000:user/me', SourceAccount: '000000000000' },
      {
        Principal: { AWS: 'arn:aws:iam::000000000000:user/me' },
        Condition: { StringEquals: { 'AWS:SourceAccount': '000000000000' } },
      },
    ],
    [
      'callers of a function URL',
      {
        Action: 'lambda:InvokeFunctionUrl',
        Principal: '*',
        SourceAccount: '000000000000',
        SourceArn,
        FunctionUrlAuthType: 'NONE',
        PrincipalOrgID: 'o-1234567890',
      },
      {
        Action: 'lambda:InvokeFunctionUrl',
        Principal: '*',
        Condition: {
          StringEquals: {
            'AWS:SourceAccount': '000000000000',
            'lambda:FunctionUrlAuthType': 'NONE',
            'aws:PrincipalOrgID': 'o-1234567890',
          },
          ArnLike: { 'AWS:SourceArn': SourceArn },
        },
      },
    ],
    [
      'an Alexa skill',
      { Principal: '*', EventSourceToken: 'amzn1.ask.skill.1' },
      { Principal: '*', Condition: { StringEquals: { 'lambda:EventSourceToken': 'amzn1.ask.skill.1' } } },
    ],
  ])('for %s', async (_who, input, members) => {
    expect(await added(input)).toEqual(statement(members));
  });

  test('are refused in these words', async () => {
    const no = (input: Partial<AddPermissionRequest>) => refused(add({ SourceArn, ...input }));
    expect(await no({ StatementId: 'example.com' })).toEqual(
      violation(
        "Value 'example.com' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
      ),
    );
    expect(await no({ FunctionName: `${FunctionName}:alias-not-42`, Qualifier: '42' })).toEqual(MISMATCH);
    expect(await no({ FunctionName: `${FunctionName}:$LATEST`, Qualifier: '$LATEST' })).toEqual(
      invalid('We currently do not support adding policies for $LATEST.'),
    );
    expect(await no({ Principal: 'invalid.nonaws.com' })).toEqual(
      invalid('The provided principal was invalid. Please check the principal and try again.'),
    );
    expect(await no({ FunctionName: 'doesnotexist' })).toEqual(missing(`Function not found: ${FUNCTION}:doesnotexist`));
    const noAlias = missing(`Cannot find alias arn: ${arn}:alias-doesnotexist`);
    expect(await no({ FunctionName: `${FunctionName}:alias-doesnotexist` })).toEqual(noAlias);
    expect(await no({ Qualifier: '42' })).toEqual(missing(`Function not found: ${arn}:42`));
    expect(await no({ Qualifier: 'invalid-qualifier-with-?-char' })).toEqual(
      violation(
        "Value 'invalid-qualifier-with-?-char' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+",
      ),
    );
    expect(await no({ Qualifier: 'valid-with-$-but-doesnotexist' })).toEqual(
      missing(`Function not found: ${arn}:valid-with-$-but-doesnotexist`),
    );
    expect(await refused(policy({ FunctionName: 'doesnotexist' }))).toEqual(NO_POLICY);
    expect(await refused(policy({ Qualifier: '77' }))).toEqual(NO_POLICY);
    expect(await refused(remove('s3'))).toEqual(missing('No policy is associated with the given resource.'));
    await add();
    expect(await no({})).toEqual(
      refusal.conflict(
        'The statement id (s3) provided already exists. Please provide a new statement id, or remove the existing statement.',
      ),
    );
    expect(await refused(remove('s3', { FunctionName: 'doesnotexist' }))).toEqual(
      missing(`No policy found for: ${FUNCTION}:doesnotexist`),
    );
    expect(await refused(remove('s3', { Qualifier: 'alias-doesnotexist' }))).toEqual(noAlias);
  });

  test('are revisions of the function', async () => {
    const revision = async () =>
      (await bench.lambda.send(new GetFunctionCommand({ FunctionName }))).Configuration?.RevisionId;
    const active = await revision();
    expect(await refused(add({ RevisionId: 'wrong' }))).toEqual(refusal.stale('GetPolicy'));
    await add({ RevisionId: active });
    const { RevisionId } = await policy();
    expect([RevisionId !== active, await revision()]).toEqual([true, RevisionId]);
    expect(await refused(remove('s3', { RevisionId: 'wrong' }))).toEqual(refusal.stale('GetFunction/GetAlias'));
    await remove('s3', { RevisionId });
    expect(await revision()).not.toBe(RevisionId);
  });
});

describe('tags', () => {
  const tag = (Tags: Record<string, string>, Resource = arn) =>
    bench.lambda.send(new TagResourceCommand({ Resource, Tags }));
  const untag = (TagKeys: string[], Resource = arn) =>
    bench.lambda.send(new UntagResourceCommand({ Resource, TagKeys }));
  const list = async (Resource = arn) => (await bench.lambda.send(new ListTagsCommand({ Resource }))).Tags;
  const MAPPINGS = 'arn:aws:lambda:us-east-1:000000000000:event-source-mapping';
  const form = (value: string) =>
    violation(
      `Value '${value}' at 'resource' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*):lambda:(eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:(function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|capacity-provider:[a-zA-Z0-9-_]+)`,
    );
  const TOO_MANY = invalid('Number of tags exceeds resource tag limit.');

  const mapping = async () => {
    const EventSourceArn = await bench.queue(`${FunctionName}-queue`);
    const made = new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, Tags: { made: 'so' } });
    const { UUID } = await bench.lambda.send(made);
    const shown = await bench.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    expect(shown.EventSourceMappingArn).toBe(`${MAPPINGS}:${UUID}`);
    expect(await list(`${MAPPINGS}:${UUID}`)).toEqual({ made: 'so' });
    await untag(['made'], `${MAPPINGS}:${UUID}`);
    return `${MAPPINGS}:${UUID}`;
  };

  test.each([
    ['a function', async () => arn],
    ['an event source mapping', mapping],
  ])('of %s come and go', async (_what, make) => {
    const resource = await make();
    const steps: [() => ReturnType<typeof tag>, object][] = [
      [() => tag({ A: 'tag-a' }, resource), { A: 'tag-a' }],
      [() => tag({ B: 'tag-b', C: 'tag-c' }, resource), { A: 'tag-a', B: 'tag-b', C: 'tag-c' }],
      [() => tag({ C: 'tag-c-2', D: 'tag-d' }, resource), { A: 'tag-a', B: 'tag-b', C: 'tag-c-2', D: 'tag-d' }],
      [() => untag(['A'], resource), { B: 'tag-b', C: 'tag-c-2', D: 'tag-d' }],
      [() => untag(['B', 'C'], resource), { D: 'tag-d' }],
      [() => untag(['F'], resource), { D: 'tag-d' }],
      [() => untag(['D', 'F'], resource), {}],
    ];
    for (const [step, left] of steps) {
      expect((await step()).$metadata.httpStatusCode).toBe(204);
      expect(await list(resource)).toEqual(left);
    }
  });

  test('are shown with the function, unless there are none', async () => {
    const shown = async () => (await bench.lambda.send(new GetFunctionCommand({ FunctionName }))).Tags;
    expect(await shown()).toBeUndefined();
    await tag({ key: 'value' });
    expect(await shown()).toEqual({ key: 'value' });
    await untag(['key']);
    expect(await shown()).toBeUndefined();
  });

  test('are fifty at most', async () => {
    const tags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`${n}_key`, `${n}_value`]));
    expect(await refused(tag(tags(51)))).toEqual(TOO_MANY);
    await tag(tags(50));
    expect(await list()).toEqual(tags(50));
    expect(await refused(tag({ more: 'value' }))).toEqual(TOO_MANY);
  });

  test('are refused to what is not there', async () => {
    const nobody = `${FUNCTION}:doesnotexist`;
    const nothing = `${MAPPINGS}:00000000-0000-4000-8000-000000000000`;
    for (const [resource, expected] of [
      [nobody, missing(`Function not found: ${nobody}`)],
      [nothing, missing(`Event source mapping not found: ${nothing}`)],
    ] as const) {
      expect(await refused(tag({ A: 'B' }, resource))).toEqual(expected);
      expect(await refused(untag(['A'], resource))).toEqual(expected);
      expect(await refused(list(resource))).toEqual(expected);
    }
  });

  test('are refused to versions and aliases, and to what has no tags', async () => {
    const versions = invalid('Tags on function aliases and versions are not supported. Please specify a function ARN.');
    for (const qualifier of ['alias', '1', '$LATEST']) {
      expect(await refused(list(`${arn}:${qualifier}`))).toEqual(versions);
      expect(await refused(tag({ A: 'B' }, `${arn}:${qualifier}`))).toEqual(versions);
    }
    for (const none of [
      'arn:aws:something',
      'arn:aws:lambda:us-east-1:000000000000:foobar:name',
      `${MAPPINGS}:00000000-0000-4000-8000-000000000000:alias`,
    ]) {
      expect(await refused(list(none))).toEqual(form(none));
    }
    expect(await list()).toEqual({});
    expect((await untag(['somekey'])).$metadata.httpStatusCode).toBe(204);
    expect(await refused(untag([]))).toEqual(
      violation("Value null at 'tagKeys' failed to satisfy constraint: Member must not be null"),
    );
    expect(await refused(tag({}))).toEqual(invalid('An error occurred and the request cannot be processed.'));
  });
});

test('loops are ended unless they are allowed', async () => {
  const get = () => answer(bench.lambda.send(new GetFunctionRecursionConfigCommand({ FunctionName })));
  expect(await get()).toEqual({ RecursiveLoop: 'Terminate' });
  const put = (RecursiveLoop: 'Allow') =>
    answer(bench.lambda.send(new PutFunctionRecursionConfigCommand({ FunctionName, RecursiveLoop })));
  expect(await put('Allow')).toEqual({ RecursiveLoop: 'Allow' });
  expect(await get()).toEqual({ RecursiveLoop: 'Allow' });
  expect(await refused(put('InvalidValue' as 'Allow'))).toEqual(
    violation(
      "Value 'InvalidValue' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Terminate, Allow]",
    ),
  );
});

test('a function without code signing shows none', async () => {
  expect(await answer(bench.lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName })))).toEqual({});
});
