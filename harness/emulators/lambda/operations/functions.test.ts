import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseInstant } from '../../../clock/index.ts';
import { type LambdaBench, lambdaBench, ROLE, WORKER, WORKER_ARN, ZIP, zipOf } from '../testing.ts';

let bench: LambdaBench;
beforeEach(async () => {
  bench = await lambdaBench();
});
afterEach(() => bench[Symbol.asyncDispose]());

const create = (changes: object = {}) => bench.client.send(new CreateFunctionCommand({ ...WORKER, ...changes }));
const configure = (changes: object) =>
  bench.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'worker', ...changes }));
const invalid = (message: string) => ({ name: 'InvalidParameterValueException', message, Type: 'User' });
const violation = (constraint: string) => ({
  name: 'ValidationException',
  message: `1 validation error detected: ${constraint}`,
});
const unsupported = (what: string) => ({
  name: 'NotImplementedException',
  message: `The Lambda emulator of naetmul does not support ${what}.`,
  $metadata: { httpStatusCode: 501 },
});

describe('CreateFunction', () => {
  test('answers with AWS’s defaults, pending, and is active when it is asked for again', async () => {
    await bench.clock.travelTo(parseInstant('2021-09-03T09:14:49.123Z'));
    const { $metadata, RevisionId, ...shown } = await create();
    expect($metadata.httpStatusCode).toBe(201);
    const common = {
      FunctionName: 'worker',
      FunctionArn: WORKER_ARN,
      Runtime: 'nodejs22.x',
      Role: ROLE,
      Handler: 'index.handler',
      CodeSize: ZIP.length,
      Description: '',
      Timeout: 3,
      MemorySize: 128,
      LastModified: '2021-09-03T09:14:49.123+0000',
      CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      Version: '$LATEST',
      TracingConfig: { Mode: 'PassThrough' },
      PackageType: 'Zip',
      Architectures: ['x86_64'],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      RuntimeVersionConfig: {
        RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:[0-9a-f]+$/),
      },
      LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/worker' },
    };
    expect(shown).toEqual({
      ...common,
      State: 'Pending',
      StateReason: 'The function is being created.',
      StateReasonCode: 'Creating',
    });
    const { $metadata: _, ...active } = await bench.client.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'worker' }),
    );
    expect(active).toEqual({
      ...common,
      RevisionId: expect.any(String),
      State: 'Active',
      LastUpdateStatus: 'Successful',
    });
    expect(active.RevisionId).not.toBe(RevisionId);
    await waitUntilFunctionActiveV2({ client: bench.client, maxWaitTime: 5 }, { FunctionName: 'worker' });
  });

  test('keeps everything it is given', async () => {
    const given = {
      Description: '내 일꾼',
      Timeout: 30,
      MemorySize: 512,
      Environment: { Variables: { STAGE: 'test' } },
      Architectures: ['arm64' as const],
      EphemeralStorage: { Size: 1024 },
      DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' },
      TracingConfig: { Mode: 'Active' as const },
      LoggingConfig: { LogGroup: 'workers' },
      VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
    };
    await create({ ...given, Tags: { team: 'data' } });
    const { Configuration, Tags } = await bench.client.send(new GetFunctionCommand({ FunctionName: 'worker' }));
    expect(Configuration).toMatchObject({ ...given, LoggingConfig: { LogFormat: 'Text', LogGroup: 'workers' } });
    expect(Tags).toEqual({ team: 'data' });
  });

  test('takes a partial ARN for a name', async () => {
    expect(await create({ FunctionName: '000000000000:function:worker' })).toMatchObject({ FunctionName: 'worker' });
  });

  test.each([
    [
      { FunctionName: 'my function' },
      violation(
        "Value 'my function' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
      ),
    ],
    [
      { FunctionName: 'a'.repeat(65) },
      invalid(
        `1 validation error detected: Value '${'a'.repeat(65)}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
      ),
    ],
    [
      { Role: 'r1' },
      violation(
        "Value 'r1' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
      ),
    ],
    [
      { Timeout: 901 },
      violation(
        "Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
      ),
    ],
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
      { SnapStart: { ApplyOn: 'invalidOption' } },
      violation(
        "Value 'invalidOption' at 'snapStart.applyOn' failed to satisfy constraint: Member must satisfy enum value set: [PublishedVersions, None]",
      ),
    ],
    [
      { Runtime: 'PYTHON3.9' },
      invalid(
        "Value PYTHON3.9 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [nodejs20.x, python3.14, provided.al2023, python3.12, python3.13, nodejs24.x, nodejs22.x, java25, python3.10, python3.11, java21, ruby3.3, ruby3.4, ruby3.2, python3.8, python3.9, java17, nodejs16.x, dotnet10, dotnet8, java11, dotnet6, nodejs18.x, provided.al2, java8.al2] or be a valid ARN",
      ),
    ],
    [
      { Runtime: 'go1.x' },
      invalid(
        'The runtime parameter of go1.x is no longer supported for creating or updating AWS Lambda functions. We recommend you use a supported runtime while creating or updating functions.',
      ),
    ],
    [{ Runtime: 'java21' }, unsupported('the runtime java21')],
    [
      { Runtime: undefined },
      invalid('Runtime and Handler are mandatory parameters for functions created with deployment packages.'),
    ],
    [
      { Environment: { Variables: { AWS_REGION: 'eu-west-1' } } },
      invalid(
        'Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION',
      ),
    ],
    [
      { Environment: { Variables: { LARGE_VAR: 'x'.repeat(4096) } } },
      invalid(
        `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: {"LARGE_VAR":"${'x'.repeat(4096)}"}`,
      ),
    ],
    [
      { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`${n}`, ''])) },
      invalid('Number of tags exceeds resource tag limit.'),
    ],
    [{ PackageType: 'Image' }, unsupported('container images (PackageType)')],
    [{ Layers: ['arn:aws:lambda:us-east-1:000000000000:layer:a:1'] }, unsupported('layers (Layers)')],
    [{ Publish: true }, unsupported('versions (Publish)')],
    [{ LoggingConfig: { LogFormat: 'JSON' } }, unsupported('logs as JSON (LoggingConfig.LogFormat)')],
    [
      { DeadLetterConfig: { TargetArn: 'arn:aws:sns:us-east-1:000000000000:dead' } },
      unsupported('SNS topics as dead-letter queues (DeadLetterConfig.TargetArn)'),
    ],
    [
      { Code: { ZipFile: Buffer.from('no zip') } },
      invalid('Could not unzip uploaded file. Please check your file, then try to upload again.'),
    ],
    [{ Code: { ZipFile: Buffer.alloc(0) } }, invalid('Uploaded file must be a non-empty zip')],
    [
      { Code: { ZipFile: zipOf({ name: 'a', content: '', claimedSize: 262_144_001 }) } },
      invalid('Unzipped size must be smaller than 262144000 bytes'),
    ],
  ])('refuses %j', async (changes, error) => {
    await expect(create(changes)).rejects.toMatchObject(error);
    expect((await bench.client.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  });

  test('several violations are told at once', async () => {
    await expect(create({ Role: 'r1', Timeout: 0 })).rejects.toMatchObject({
      message: expect.stringMatching(/^2 validation errors detected: Value 'r1' .*; Value '0' at 'timeout' /),
    });
  });

  test('a name that is taken is a conflict', async () => {
    await create();
    await expect(create()).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'Function already exist: worker',
      $metadata: { httpStatusCode: 409 },
    });
  });

  test('a request that is too large is refused before it is read', async () => {
    const request = { headers: { 'content-length': '70167212' } };
    const call = { requestId: 'r', region: 'us-east-1', accountId: '000000000000', request } as never;
    const operation = bench.emulator.operations.find(({ schema }) => schema[2] === 'CreateFunction');
    await expect(operation?.run(WORKER as never, call)).rejects.toMatchObject({
      code: 'RequestEntityTooLargeException',
      message: 'Request must be smaller than 70167211 bytes for the CreateFunction operation',
    });
  });

  test('a zip file over 50 MB is refused', async () => {
    await expect(create({ Code: { ZipFile: Buffer.alloc(52_428_801) } })).rejects.toMatchObject({
      name: 'RequestEntityTooLargeException',
      message: 'Zipped size must be smaller than 52428800 bytes',
      $metadata: { httpStatusCode: 413 },
    });
  });
});

describe('code', () => {
  test('files keep their modes but for the right to write, and links inside stay links', async () => {
    const zip = zipOf(
      { name: 'bootstrap', content: '#!/bin/sh\n', mode: 0o100755 },
      { name: 'lib/', content: '', mode: 0o040755 },
      { name: 'lib/data.txt', content: '물', mode: 0o100644 },
      { name: 'link', content: 'lib/data.txt', mode: 0o120777 },
    );
    await create({ Code: { ZipFile: zip } });
    await bench.client.send(new InvokeCommand({ FunctionName: 'worker' }));
    const dir = bench.invoked[0]?.revision.codeDir ?? '';
    expect((await stat(join(dir, 'bootstrap'))).mode & 0o777).toBe(0o555);
    expect((await stat(join(dir, 'lib/data.txt'))).mode & 0o777).toBe(0o444);
    expect(await readFile(join(dir, 'link'), 'utf8')).toBe('물');
  });

  test.each([
    ['a path above', { name: '../evil', content: 'x' }],
    ['an absolute path', { name: '/evil', content: 'x' }],
    ['a link to outside', { name: 'evil', content: '/etc/passwd', mode: 0o120777 }],
    ['a link above', { name: 'evil', content: '../..', mode: 0o120777 }],
  ])('%s is refused, and nothing is left of it', async (_what, entry) => {
    await expect(create({ Code: { ZipFile: zipOf({ name: 'a', content: 'a' }, entry) } })).rejects.toMatchObject(
      invalid('Could not unzip uploaded file. Please check your file, then try to upload again.'),
    );
    expect(await readdir(join(bench.dataDir, 'code'))).toEqual([]);
  });

  test('a link that gets outside through another link is refused', async () => {
    const zip = zipOf(
      { name: 'd/e/up', content: '../..', mode: 0o120777 },
      { name: 'evil', content: 'd/e/up/..', mode: 0o120777 },
    );
    await expect(create({ Code: { ZipFile: zip } })).rejects.toMatchObject(
      invalid('Could not unzip uploaded file. Please check your file, then try to upload again.'),
    );
  });

  test('GetFunction says where the zip file is, and it is there', async () => {
    await create();
    const { Code } = await bench.client.send(new GetFunctionCommand({ FunctionName: WORKER_ARN }));
    expect(Code?.RepositoryType).toBe('S3');
    const fetched = await fetch(Code?.Location ?? '');
    expect(fetched.headers.get('content-type')).toBe('application/zip');
    expect(Buffer.from(await fetched.arrayBuffer())).toEqual(ZIP);
  });

  test('the bucket hot-reload means a folder of this machine, which is run where it is', async () => {
    const { CodeSize } = await create({ Code: { S3Bucket: 'hot-reload', S3Key: import.meta.dirname } });
    expect(CodeSize).toBe(0);
    const { Code } = await bench.client.send(new GetFunctionCommand({ FunctionName: 'worker' }));
    expect(Code).toEqual({ RepositoryType: 'S3' });
    await expect(
      create({ FunctionName: 'b', Code: { S3Bucket: 'hot-reload', S3Key: '/not/there' } }),
    ).rejects.toMatchObject(invalid('There is no folder /not/there, which the key says the code is in.'));
    await expect(create({ FunctionName: 'b', Code: { S3Bucket: 'hot-reload', S3Key: 'src' } })).rejects.toMatchObject(
      invalid('With the bucket hot-reload the key must be the absolute path of a folder, not src.'),
    );
  });
});

describe('changes', () => {
  test('new code has another hash and another revision', async () => {
    const { CodeSha256 } = await create();
    const update = new UpdateFunctionCodeCommand({
      FunctionName: 'worker',
      ZipFile: zipOf({ name: 'index.js', content: '1' }),
    });
    const updated = await bench.client.send(update);
    expect(updated).toMatchObject({
      State: 'Active',
      LastUpdateStatus: 'InProgress',
      LastUpdateStatusReason: 'The function is being created.',
      LastUpdateStatusReasonCode: 'Creating',
    });
    expect(updated.CodeSha256).not.toBe(CodeSha256);
    await waitUntilFunctionUpdatedV2({ client: bench.client, maxWaitTime: 5 }, { FunctionName: 'worker' });
    const { CodeSha256: now, RevisionId } = await bench.client.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'worker' }),
    );
    expect(now).toBe(updated.CodeSha256);
    expect(RevisionId).not.toBe(updated.RevisionId);
  });

  test('a dry run shows what would be and changes nothing', async () => {
    const { CodeSha256 } = await create();
    const ZipFile = zipOf({ name: 'index.js', content: '1' });
    const shown = await bench.client.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'worker', ZipFile, DryRun: true }),
    );
    expect(shown.CodeSha256).not.toBe(CodeSha256);
    expect(await bench.client.send(new GetFunctionConfigurationCommand({ FunctionName: 'worker' }))).toMatchObject({
      CodeSha256,
    });
  });

  test('an image is no code of a function made from a zip file', async () => {
    await create();
    const update = new UpdateFunctionCodeCommand({ FunctionName: 'worker', ImageUri: 'image' });
    await expect(bench.client.send(update)).rejects.toMatchObject(
      invalid("Please don't provide ImageUri when updating a function with packageType Zip."),
    );
  });

  test('what is not given stays, and what is given empty is emptied', async () => {
    await create({ Environment: { Variables: { STAGE: '1' } }, Description: 'old', Timeout: 7 });
    const dead = { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' };
    expect(await configure({ Description: 'new', DeadLetterConfig: dead })).toMatchObject({
      Description: 'new',
      Timeout: 7,
      Environment: { Variables: { STAGE: '1' } },
      DeadLetterConfig: dead,
    });
    const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
    expect((await configure({ VpcConfig })).VpcConfig).toEqual({
      ...VpcConfig,
      VpcId: 'vpc-00000000',
      Ipv6AllowedForDualStack: false,
    });
    const noVpc = { SubnetIds: [], SecurityGroupIds: [] };
    expect((await configure({ DeadLetterConfig: {} })).DeadLetterConfig).toEqual(dead);
    const nobody = { TargetArn: '' };
    const emptied = await configure({ Environment: { Variables: {} }, DeadLetterConfig: nobody, VpcConfig: noVpc });
    expect(emptied.VpcConfig).toEqual({ ...noVpc, VpcId: '', Ipv6AllowedForDualStack: false });
    expect(emptied).toMatchObject({ Description: 'new', Environment: { Variables: {} } });
    expect(emptied.DeadLetterConfig).toBeUndefined();
  });

  test('another’s revision is refused', async () => {
    const { RevisionId } = await create();
    const stale = {
      name: 'PreconditionFailedException',
      message:
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
      $metadata: { httpStatusCode: 412 },
    };
    await expect(configure({ RevisionId })).rejects.toMatchObject(stale);
    const code = new UpdateFunctionCodeCommand({ FunctionName: 'worker', ZipFile: ZIP, RevisionId });
    await expect(bench.client.send(code)).rejects.toMatchObject(stale);
    const { RevisionId: newest } = await bench.client.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'worker' }),
    );
    expect(await configure({ RevisionId: newest, Timeout: 9 })).toMatchObject({ Timeout: 9 });
  });

  test('an update is checked as a creation is', async () => {
    await create();
    await expect(configure({ Runtime: 'nodejs99.x' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining("Value nodejs99.x at 'runtime' failed to satisfy constraint"),
    });
  });
});

describe('names', () => {
  const get = (FunctionName: string, Qualifier?: string) =>
    bench.client.send(new GetFunctionCommand({ FunctionName, Qualifier }));
  const missing = (message: string) => ({
    name: 'ResourceNotFoundException',
    message,
    Type: 'User',
    $metadata: { httpStatusCode: 404 },
  });
  const PATTERN =
    '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?';

  test.each([
    ['worker'],
    ['function:worker'],
    ['000000000000:function:worker'],
    [WORKER_ARN],
    [`${WORKER_ARN}:$LATEST`],
    ['worker:$LATEST'],
  ])('%s is found', async (name) => {
    await create();
    const { Configuration } = await get(name);
    expect(Configuration?.FunctionArn).toBe(name.endsWith('$LATEST') ? `${WORKER_ARN}:$LATEST` : WORKER_ARN);
  });

  test.each([
    ['nobody', undefined, missing('Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody')],
    ['worker', '1221', missing('Function not found: arn:aws:lambda:us-east-1:000000000000:function:worker:1221')],
    ['worker', '$latest', missing('Function not found: arn:aws:lambda:us-east-1:000000000000:function:worker:$latest')],
    [
      'arn:aws:lambda:ap-southeast-1:000000000000:function:worker',
      undefined,
      missing("Functions from 'ap-southeast-1' are not reachable in this region ('us-east-1')"),
    ],
    [
      'worker:$LATEST',
      '1',
      invalid('The derived qualifier from the function name does not match the specified qualifier.'),
    ],
    [
      'worker',
      'invalid!',
      violation(
        "Value 'invalid!' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+",
      ),
    ],
    [
      'worker',
      'a'.repeat(129),
      violation(
        `Value '${'a'.repeat(129)}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128`,
      ),
    ],
    [
      'function:worker:$LATEST:extra',
      undefined,
      violation(
        `Value 'function:worker:$LATEST:extra' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${PATTERN}`,
      ),
    ],
    [
      'arn:aws:lambda::000000000000:function:worker',
      undefined,
      violation(
        `Value 'arn:aws:lambda::000000000000:function:worker' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${PATTERN}`,
      ),
    ],
  ])('%s with qualifier %s', async (name, qualifier, error) => {
    await create();
    await expect(get(name, qualifier)).rejects.toMatchObject(error);
  });

  test('the functions of another account are denied without a word', async () => {
    const raw = await fetch(`${bench.url}/2015-03-31/functions/123456789012:function:worker`, {
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20220101/us-east-1/lambda/aws4_request' },
    });
    expect(raw.status).toBe(403);
    expect(raw.headers.get('x-amzn-errortype')).toBe('AccessDeniedException');
    expect(await raw.json()).toEqual({ Message: null });
  });

  test('the body of an error that something is not found spells its members as AWS does', async () => {
    const raw = await fetch(`${bench.url}/2015-03-31/functions/nobody`, {
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=test/20220101/us-east-1/lambda/aws4_request' },
    });
    expect(await raw.text()).toBe(
      '{"Message":"Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody","Type":"User"}',
    );
  });
});

describe('lists', () => {
  test('functions come in pages, without their states', async () => {
    for (const FunctionName of ['c', 'a', 'b']) await create({ FunctionName });
    const first = await bench.client.send(new ListFunctionsCommand({ MaxItems: 2 }));
    const second = await bench.client.send(new ListFunctionsCommand({ MaxItems: 2, Marker: first.NextMarker }));
    const names = [first, second].map((page) => page.Functions?.map((one) => one.FunctionName));
    expect(names).toEqual([['a', 'b'], ['c']]);
    expect(second.NextMarker).toBeUndefined();
    expect(first.Functions?.[0]).not.toHaveProperty('State');
    const all = await bench.client.send(new ListFunctionsCommand({ FunctionVersion: 'ALL', MaxItems: 1 }));
    expect(all.Functions?.[0]?.FunctionArn).toBe('arn:aws:lambda:us-east-1:000000000000:function:a:$LATEST');
  });

  test('a version that is not ALL is a violation', async () => {
    await expect(
      bench.client.send(new ListFunctionsCommand({ FunctionVersion: 'invalid' as never })),
    ).rejects.toMatchObject(
      violation(
        "Value 'invalid' at 'functionVersion' failed to satisfy constraint: Member must satisfy enum value set: [ALL]",
      ),
    );
  });

  test('there is one version and no alias', async () => {
    await create();
    const { Versions } = await bench.client.send(new ListVersionsByFunctionCommand({ FunctionName: 'worker' }));
    expect(Versions?.map((one) => one.FunctionArn)).toEqual([`${WORKER_ARN}:$LATEST`]);
    const { Aliases } = await bench.client.send(new ListAliasesCommand({ FunctionName: 'worker' }));
    expect(Aliases).toEqual([]);
  });
});

describe('DeleteFunction', () => {
  const remove = (FunctionName: string, Qualifier?: string) =>
    bench.client.send(new DeleteFunctionCommand({ FunctionName, Qualifier }));

  test('the function is gone, and its environments with it', async () => {
    await create();
    await bench.client.send(new InvokeCommand({ FunctionName: 'worker' }));
    const { StatusCode, $metadata } = await remove('worker');
    expect([StatusCode, $metadata.httpStatusCode]).toEqual([204, 204]);
    expect(bench.retired).toEqual([WORKER_ARN]);
    await expect(remove('worker')).rejects.toMatchObject({ message: `Function not found: ${WORKER_ARN}` });
  });

  test.each([
    ['$LATEST', invalid('$LATEST version cannot be deleted without deleting the function.')],
    ['alias', invalid('Deletion of aliases is not currently supported.')],
    ['1', { name: 'ResourceNotFoundException', message: `Function not found: ${WORKER_ARN}` }],
  ])('not its version %s alone', async (qualifier, error) => {
    await create();
    await expect(remove('worker', qualifier)).rejects.toMatchObject(error);
  });
});
