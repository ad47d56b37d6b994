// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes names as JavaScript's templates do.
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadTemplate } from '../index.ts';
import { evaluate, type Scope, UNKNOWN } from '../template/intrinsics.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';
import type { Template } from '../template/template.ts';

/** This folder is the code of the functions below. */
const FILE = path.join(import.meta.dirname, 't.yaml');
const SAM = 'Transform: AWS::Serverless-2016-10-31\n';
const load = (text: string) => checkTemplate(parseTemplateText(SAM + text, FILE), FILE);

/** Names stand for themselves: `<Queue>`, `<Queue.Arn>`. */
const scope: Scope = {
  ref: (name) => (name === 'AWS::NoValue' ? undefined : `<${name}>`),
  attribute: (logicalId, attribute) => `<${logicalId}.${attribute}>`,
  mapping: (keys) => `<${keys.join('.')}>`,
  condition: () => UNKNOWN,
};

/** The properties of a resource as its type is given them. */
function properties(template: Template, logicalId: string) {
  const resource = template.resources.get(logicalId);
  if (resource === undefined) throw new Error(`There is no ${logicalId}.`);
  return evaluate(resource.properties, { file: FILE, path: '', at: resource.at }, scope);
}

async function refusal(text: string): Promise<string> {
  const error = await load(text).then(
    () => undefined,
    (cause: Error & { code?: string }) => cause,
  );
  if (error === undefined) throw new Error('It was not refused.');
  return `${error.code} ${error.message.replace(/^\S*?t\.yaml/, 't.yaml')}`;
}

const WORKER = `Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: code.handler
      Runtime: nodejs22.x
`;
const QUEUE = `  Queue: { Type: "AWS::SQS::Queue" }
`;

describe('AWS::Serverless::Function', () => {
  test('becomes a function and a role that may write logs', async () => {
    const template = await load(WORKER);
    expect([...template.resources].map(([id, { type }]) => [id, type.type])).toEqual([
      ['WorkerRole', 'AWS::IAM::Role'],
      ['Worker', 'AWS::Lambda::Function'],
    ]);
    expect(properties(template, 'Worker')).toEqual({
      Code: { S3Bucket: 'hot-reload', S3Key: import.meta.dirname },
      Handler: 'code.handler',
      Role: '<WorkerRole.Arn>',
      Runtime: 'nodejs22.x',
      Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }],
    });
    expect(properties(template, 'WorkerRole')).toEqual({
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
      },
      ManagedPolicyArns: ['arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      Tags: [{ Key: 'lambda:createdBy', Value: 'SAM' }],
    });
  });

  test('passes on what Lambda has under the same name, and turns tags and the dead-letter queue around', async () => {
    const template = await load(`${WORKER}      FunctionName: worker
      MemorySize: 256
      Environment: { Variables: { QUEUE: !Ref Queue } }
      ReservedConcurrentExecutions: 2
      Tags: { team: 물, stage: !Ref AWS::StackName }
      DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Queue.Arn }
      VpcConfig: { SubnetIds: [a], SecurityGroupIds: [b] }
${QUEUE}`);
    const tags = [
      { Key: 'lambda:createdBy', Value: 'SAM' },
      { Key: 'team', Value: '물' },
      { Key: 'stage', Value: '<AWS::StackName>' },
    ];
    expect(properties(template, 'Worker')).toMatchObject({
      FunctionName: 'worker',
      MemorySize: 256,
      Environment: { Variables: { QUEUE: '<Queue>' } },
      ReservedConcurrentExecutions: 2,
      DeadLetterConfig: { TargetArn: '<Queue.Arn>' },
      VpcConfig: { SubnetIds: ['a'], SecurityGroupIds: ['b'] },
      Tags: tags,
    });
    expect(properties(template, 'WorkerRole')).toMatchObject({
      Tags: tags,
      ManagedPolicyArns: [
        expect.stringContaining('/AWSLambdaBasicExecutionRole'),
        expect.stringContaining('/AWSLambdaVPCAccessExecutionRole'),
      ],
      Policies: [
        {
          PolicyName: 'DeadLetterQueuePolicy',
          PolicyDocument: { Statement: [{ Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: '<Queue.Arn>' }] },
        },
      ],
    });
  });

  test('makes no role where it is given one', async () => {
    const template = await load(`${WORKER}      Role: arn:aws:iam::000000000000:role/mine`);
    expect([...template.resources.keys()]).toEqual(['Worker']);
    expect(properties(template, 'Worker')).toMatchObject({ Role: 'arn:aws:iam::000000000000:role/mine' });
  });

  test('gives its role the policies of every form', async () => {
    const template = await load(`${WORKER}      Policies:
        - AmazonS3ReadOnlyAccess
        - arn:aws:iam::aws:policy/AmazonSQSFullAccess
        - !Ref Managed
        - Statement: [{ Effect: Allow, Action: "s3:*", Resource: "*" }]
        - SQSSendMessagePolicy: { QueueName: !GetAtt Queue.QueueName }
        - KinesisStreamReadPolicy: { StreamName: a }
        - S3ReadPolicy: { BucketName: b }
        - CloudWatchPutMetricPolicy: {}
  Managed: { Type: "AWS::S3::Bucket" }
${QUEUE}`);
    const here = '<AWS::Region>:<AWS::AccountId>';
    expect(properties(template, 'WorkerRole')).toMatchObject({
      ManagedPolicyArns: [
        expect.stringContaining('/AWSLambdaBasicExecutionRole'),
        'arn:<AWS::Partition>:iam::aws:policy/AmazonS3ReadOnlyAccess',
        'arn:aws:iam::aws:policy/AmazonSQSFullAccess',
        '<Managed>',
      ],
      Policies: [
        { PolicyName: 'WorkerRolePolicy3', PolicyDocument: { Statement: [{ Action: 's3:*' }] } },
        {
          PolicyName: 'WorkerRolePolicy4',
          PolicyDocument: {
            Statement: [
              { Action: ['sqs:SendMessage*'], Resource: `arn:<AWS::Partition>:sqs:${here}:<Queue.QueueName>` },
            ],
          },
        },
        {
          PolicyName: 'WorkerRolePolicy5',
          PolicyDocument: {
            Statement: [
              { Resource: `arn:<AWS::Partition>:kinesis:${here}:stream/*` },
              { Resource: `arn:<AWS::Partition>:kinesis:${here}:stream/a` },
            ],
          },
        },
        {
          PolicyName: 'WorkerRolePolicy6',
          PolicyDocument: {
            Statement: [{ Resource: ['arn:<AWS::Partition>:s3:::b', 'arn:<AWS::Partition>:s3:::b/*'] }],
          },
        },
        { PolicyName: 'WorkerRolePolicy7', PolicyDocument: { Statement: [{ Resource: '*' }] } },
      ],
    });
  });

  test('has a mapping for each queue and stream that it reads', async () => {
    const template = await load(`${WORKER}      Events:
        Messages: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn, BatchSize: 5 } }
        Others: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn } }
        Records:
          Type: Kinesis
          Properties:
            Stream: !GetAtt Stream.Arn
            StartingPosition: TRIM_HORIZON
            DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Queue.Arn } }
  Stream: { Type: "AWS::Kinesis::Stream" }
${QUEUE}`);
    expect(template.resources.get('WorkerMessages')?.type.type).toBe('AWS::Lambda::EventSourceMapping');
    expect(properties(template, 'WorkerMessages')).toEqual({
      EventSourceArn: '<Queue.Arn>',
      FunctionName: '<Worker>',
      BatchSize: 5,
    });
    expect(properties(template, 'WorkerRecords')).toEqual({
      EventSourceArn: '<Stream.Arn>',
      FunctionName: '<Worker>',
      StartingPosition: 'TRIM_HORIZON',
      DestinationConfig: { OnFailure: { Destination: '<Queue.Arn>' } },
    });
    expect(properties(template, 'WorkerRole')).toMatchObject({
      ManagedPolicyArns: [
        expect.stringContaining('/AWSLambdaBasicExecutionRole'),
        expect.stringContaining('/AWSLambdaSQSQueueExecutionRole'),
        expect.stringContaining('/AWSLambdaKinesisExecutionRole'),
      ],
      Policies: [{ PolicyName: 'WorkerRecordsOnFailurePolicy' }],
    });
  });

  test('has settings for asynchronous invocations', async () => {
    const template = await load(`${WORKER}      EventInvokeConfig:
        MaximumRetryAttempts: 1
        DestinationConfig: { OnFailure: { Type: SQS, Destination: !GetAtt Queue.Arn } }
${QUEUE}`);
    expect(properties(template, 'WorkerEventInvokeConfig')).toEqual({
      FunctionName: '<Worker>',
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnFailure: { Destination: '<Queue.Arn>' } },
    });
  });

  test('gives its condition to all that comes of it', async () => {
    const template = await load(`Conditions: { Never: !Equals [a, b] }
${WORKER.replace('    Properties:', '    Condition: Never\n    Properties:')}      Events:
        Messages: { Type: SQS, Properties: { Queue: !GetAtt Queue.Arn } }
${QUEUE}`);
    expect([...template.resources.keys()]).toEqual(['Queue']);
    expect([...template.absent.keys()]).toEqual(['Worker', 'WorkerRole', 'WorkerMessages']);
  });

  test('takes code out of S3, too', async () => {
    const template = await load(WORKER.replace('CodeUri: .', 'CodeUri: s3://code/worker.zip'));
    expect(properties(template, 'Worker')).toMatchObject({ Code: { S3Bucket: 'code', S3Key: 'worker.zip' } });
  });
});

describe('a function that esbuild builds', () => {
  const built = (handler: string, ...entryPoints: string[]) =>
    `${WORKER.replace('CodeUri: .', 'CodeUri: ..').replace('code.handler', handler)}    Metadata:
      BuildMethod: esbuild
      BuildProperties: { Minify: true, EntryPoints: [${entryPoints.join(', ')}] }`;

  test.each([
    ['code.handler', ['sam/code.ts'], 'sam/code.handler'],
    ['code.handler', ['./sam/code.ts', 'sam/events.ts'], 'sam/code.handler'],
    ['sam/code.handler', ['sam/code.ts', 'template/load.ts'], 'sam/code.handler'],
    ['sam/code.handler', ['sam/code.ts', 'stack.ts'], 'sam/code.handler'],
    ['stack.a.b', ['sam/code.ts', 'stack.ts'], 'stack.a.b'],
  ])('is called %s where %j are built, and here %s', async (handler, entryPoints, expected) => {
    expect(properties(await load(built(handler, ...entryPoints)), 'Worker')).toMatchObject({ Handler: expected });
  });

  test.each([
    [
      built('handler.handler', 'sam/code.ts'),
      'TEMPLATE_INVALID_PROPERTY t.yaml:7: Worker.Properties.Handler: esbuild makes no handler.js of these entry points, but code.js.',
    ],
    [
      built('sam/code.handler', 'sam/nothing.ts'),
      `TEMPLATE_INVALID_PROPERTY t.yaml:11: Worker.Metadata.BuildProperties.EntryPoints[0]: ${path.dirname(import.meta.dirname)} has no file sam/nothing.ts.`,
    ],
    [
      built('a.b'),
      'TEMPLATE_INVALID_PROPERTY t.yaml:11: Worker.Metadata.BuildProperties.EntryPoints: must be a list of files: esbuild begins with them.',
    ],
    [
      built('a.b').replace('BuildMethod: esbuild', 'BuildMethod: makefile'),
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:10: Worker.Metadata.BuildMethod: the build method makefile is not supported.',
    ],
  ])('is refused: %s', async (text, message) => {
    expect(await refusal(text)).toBe(message);
  });
});

describe('Globals', () => {
  test('are merged into each function: its own values win, maps and lists are put together', async () => {
    const template = await load(`Globals:
  Function:
    Runtime: nodejs20.x
    Timeout: 10
    Environment: { Variables: { A: all, B: all } }
    Architectures: [arm64]
    VpcConfig: !If [Never, { SubnetIds: [a] }, !Ref AWS::NoValue]
Conditions: { Never: !Equals [a, b] }
${WORKER}      Environment: { Variables: { B: own, C: !Ref AWS::Region } }
      Architectures: [x86_64]
`);
    expect(properties(template, 'Worker')).toMatchObject({
      Runtime: 'nodejs22.x',
      Timeout: 10,
      Environment: { Variables: { A: 'all', B: 'own', C: '<AWS::Region>' } },
      Architectures: ['arm64', 'x86_64'],
    });
  });

  test.each([
    [
      `Globals:\n  Function:\n    Timeout: soon\n${WORKER}`,
      'TEMPLATE_INVALID_PROPERTY t.yaml:4: Globals.Function.Timeout: must be a whole number (AWS::Lambda::Function).',
    ],
    [
      `Globals:\n  Function:\n    Environment: { Variables: { A: !Ref Nobody } }\n${WORKER}      Environment: { Variables: { B: b } }`,
      'TEMPLATE_UNKNOWN_REFERENCE t.yaml:4: Globals.Function.Environment.Variables.A: Nobody is neither a resource nor a parameter of this template.',
    ],
    [
      `Globals:\n  Function:\n    Policies: [a]\n${WORKER}`,
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:4: Globals.Function.Policies: is not supported.',
    ],
    [
      `Globals:\n  HttpApi: {}\n${WORKER}`,
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:3: Globals.HttpApi: is not supported.',
    ],
  ])('are refused by their own place: %j', async (text, message) => {
    expect(await refusal(text)).toBe(message);
  });
});

describe('an error in a function', () => {
  const events = (text: string) => `${WORKER}      Events:\n        E:\n          Type: ${text}`;
  test.each([
    [
      WORKER.replace('nodejs22.x', '[a]'),
      'TEMPLATE_INVALID_PROPERTY t.yaml:8: Worker.Properties.Runtime: must be text (AWS::Lambda::Function).',
    ],
    [
      WORKER.replace('      Runtime: nodejs22.x\n', ''),
      'TEMPLATE_INVALID_PROPERTY t.yaml:3: Worker.Properties.Runtime: is missing (AWS::Lambda::Function).',
    ],
    [
      `${WORKER}      Layers: [a]`,
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:9: Worker.Properties.Layers: naetmul does not support this property of AWS::Serverless::Function.',
    ],
    [
      WORKER.replace('CodeUri: .', 'CodeUri: nowhere'),
      `TEMPLATE_INVALID_PROPERTY t.yaml:6: Worker.Properties.CodeUri: ${path.join(import.meta.dirname, 'nowhere')} is no folder.`,
    ],
    [
      WORKER.replace('      CodeUri: .\n', ''),
      'TEMPLATE_INVALID_PROPERTY t.yaml:3: Worker.Properties.CodeUri: is missing (AWS::Serverless::Function).',
    ],
    [`${WORKER}    Connectors: {}`, 'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:9: Worker.Connectors: is not supported.'],
    [
      `${WORKER}      DeadLetterQueue:\n        Type: SNS\n        TargetArn: a`,
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:10: Worker.Properties.DeadLetterQueue.Type: the type SNS is not supported.',
    ],
    [
      `${WORKER}      Policies:\n        - SQSPollerPolicy:\n            QueueName: !GetAtt Nobody.QueueName`,
      'TEMPLATE_UNKNOWN_REFERENCE t.yaml:11: Worker.Properties.Policies[0].PolicyDocument.Statement[0].Resource: Nobody is neither a resource nor a parameter of this template.',
    ],
    [
      `${WORKER}      Policies:\n        - DynamoDBCrudPolicy: { TableName: t }`,
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:10: Worker.Properties.Policies[0].DynamoDBCrudPolicy: the policy template DynamoDBCrudPolicy is not supported.',
    ],
    [
      `${WORKER}      Policies:\n        - SQSPollerPolicy: {}`,
      'TEMPLATE_INVALID_PROPERTY t.yaml:10: Worker.Properties.Policies[0].SQSPollerPolicy: the policy template SQSPollerPolicy needs QueueName.',
    ],
    [
      events('HttpApi'),
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:11: Worker.Properties.Events.E.Type: events of the type HttpApi are not supported.',
    ],
    [
      events('SQS\n          Properties:\n            Queue: a\n            BatchSize: many'),
      'TEMPLATE_INVALID_PROPERTY t.yaml:14: Worker.Properties.Events.E.Properties.BatchSize: must be a whole number (AWS::Lambda::EventSourceMapping).',
    ],
    [
      events('SQS\n          Properties:\n            Queue: !GetAtt Nobody.Arn'),
      'TEMPLATE_UNKNOWN_REFERENCE t.yaml:13: Worker.Properties.Events.E.Properties.Queue: Nobody is neither a resource nor a parameter of this template.',
    ],
    [
      events('SQS\n          Properties:\n            BatchSize: 1'),
      'TEMPLATE_INVALID_PROPERTY t.yaml:12: Worker.Properties.Events.E.Properties.Queue: is missing (SQS event).',
    ],
    [
      events('SQS\n          Properties:\n            Queue: a\n            StartingPosition: LATEST'),
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:14: Worker.Properties.Events.E.Properties.StartingPosition: is not supported.',
    ],
    [
      events('Kinesis\n          Properties:\n            Stream: a\n            DestinationConfig: { OnSuccess: {} }'),
      'TEMPLATE_UNSUPPORTED_PROPERTY t.yaml:14: Worker.Properties.Events.E.Properties.DestinationConfig.OnSuccess: is not supported.',
    ],
    [
      events('Kinesis\n          Properties:\n            Stream: a\n            StartingPosition: NOW'),
      'TEMPLATE_INVALID_PROPERTY t.yaml:14: Worker.Properties.Events.E.Properties.StartingPosition: Invalid option: expected one of "TRIM_HORIZON"|"LATEST"|"AT_TIMESTAMP" (AWS::Lambda::EventSourceMapping).',
    ],
    [
      `${WORKER}      EventInvokeConfig: { DestinationConfig: { OnSuccess: { Type: SQS } } }`,
      'TEMPLATE_INVALID_PROPERTY t.yaml:9: Worker.Properties.EventInvokeConfig.DestinationConfig.OnSuccess.Destination: is missing (AWS::Serverless::Function).',
    ],
    [
      `${WORKER}  WorkerRole: { Type: "AWS::S3::Bucket" }`,
      'TEMPLATE_SYNTAX t.yaml:3: Worker: SAM makes a resource WorkerRole of it, and there is one already, of WorkerRole.',
    ],
    [
      `${WORKER}  Api: { Type: "AWS::Serverless::HttpApi" }`,
      'TEMPLATE_UNSUPPORTED_TYPE t.yaml:9: Api: the type AWS::Serverless::HttpApi is not supported.',
    ],
  ])('names its place in the file: %s', async (text, message) => {
    expect(await refusal(text)).toBe(message);
  });
});

describe('the transform', () => {
  test.each([
    [
      'Transform: AWS::LanguageExtensions\nResources: {}',
      'TEMPLATE_UNSUPPORTED_SECTION',
      'Transform: the transform AWS::LanguageExtensions is not supported.',
    ],
    [WORKER, 'TEMPLATE_UNSUPPORTED_TYPE', 'AWS::Serverless::Function is a type of SAM, and the transform is missing.'],
    ['Globals: {}\nResources: {}', 'TEMPLATE_UNSUPPORTED_SECTION', 'Globals: is a section of SAM'],
  ])('is the only one there is, and cannot be left out: %s', async (text, code, message) => {
    await expect(checkTemplate(parseTemplateText(text, FILE), FILE)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

test('the template of the collector is understood', async () => {
  const file = path.resolve(import.meta.dirname, '../../../services/collector/template.yaml');
  const template = await loadTemplate(file, { parameters: { DatabasePassword: 'a-long-password' } });
  const at = (logicalId: string) => properties(template, logicalId);
  expect(at('Worker')).toMatchObject({
    Code: { S3Bucket: 'hot-reload', S3Key: path.dirname(file) },
    Handler: 'worker/handler.handler',
  });
  expect(at('NaiveWorker')).toMatchObject({ Handler: 'naive/handler.handler' });
});
