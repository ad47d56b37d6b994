import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { NaetmulError } from '../../errors.ts';
import { type Deployed, deploy } from '../index.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';
import { type TestAws, testAws } from '../testing.ts';

/** A provider as people write them: it notes what it is asked, and does what the resource's properties say. */
const PROVIDER = `
import { appendFileSync } from 'node:fs';
const answer = (event, response) => fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify(response) });
export const handler = async (event) => {
  appendFileSync(process.env.NOTES, JSON.stringify(event) + '\\n');
  const { RequestType, StackId, RequestId, LogicalResourceId, ResourceProperties: { Does = '', Data = {} } } = event;
  const good = { Status: 'SUCCESS', PhysicalResourceId: 'made-' + LogicalResourceId, StackId, RequestId, LogicalResourceId };
  const does = Does.startsWith(RequestType) ? Does.slice(RequestType.length + 1) : '';
  if (does === 'throw') throw new TypeError('no such domain');
  if (does === 'nothing') return;
  if (does === 'garbage') return void await fetch(event.ResponseURL, { method: 'PUT', body: '<html>' });
  if (does === 'post') return void await fetch(event.ResponseURL, { method: 'POST', body: JSON.stringify(good) });
  if (does === 'fail') return void await answer(event, { ...good, Status: 'FAILED', Reason: 'the quota is full' });
  await answer(event, { ...good, Data, NoEcho: Does === 'secret' });
};
`;
const NO_ANSWER =
  /CloudFormation did not receive a response from your Custom Resource\. Please check your logs for requestId \[[0-9a-f-]{36}\]\./;

let aws: TestAws;
let folder: string;
let notes: string;
let deployed: Deployed | undefined;

beforeAll(async () => {
  aws = await testAws('analytics', { localstack: false });
  folder = join(aws.dataDir, 'provider');
  notes = join(aws.dataDir, 'notes');
  await mkdir(folder);
  await writeFile(join(folder, 'index.mjs'), PROVIDER);
});

afterEach(async () => {
  await deployed?.undeploy();
  deployed = undefined;
  await writeFile(notes, '');
});

afterAll(() => aws?.[Symbol.asyncDispose]());

/** What the provider was asked since the test began. */
const asked = async () =>
  (await readFile(notes, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

async function make(resources: string, outputs = ''): Promise<Deployed> {
  const text = `
Resources:
  Provider:
    Type: AWS::Lambda::Function
    Properties:
      Code: { S3Bucket: hot-reload, S3Key: ${JSON.stringify(folder)} }
      FunctionName: provider
      Handler: index.handler
      Role: arn:aws:iam::000000000000:role/provider
      Runtime: nodejs22.x
      Timeout: 20
      Environment: { Variables: { NOTES: ${JSON.stringify(notes)} } }
${resources}
${outputs}`;
  deployed = await deploy(await checkTemplate(parseTemplateText(text, 't.yaml'), 't.yaml'), aws.options);
  return deployed;
}

const failureOf = async (resources: string, outputs = ''): Promise<NaetmulError> => {
  const error: unknown = await make(resources, outputs).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NaetmulError);
  return error as NaetmulError;
};

const resource = (properties: string) => `
  Template:
    Type: Custom::IndexTemplate
    Properties: { ServiceToken: !GetAtt Provider.Arn, ${properties} }`;

test('a function makes the resource, gives its name and attributes, and removes it in the end', async () => {
  const stack = await make(
    `
  Template:
    Type: Custom::IndexTemplate
    Properties:
      ServiceToken: !GetAtt Provider.Arn
      ServiceTimeout: 30
      Body: { order: 1, mappings: { dynamic: true, list: [1.5, x] } }
      Data: { Endpoint: !Sub "of-\${AWS::StackName}", Zones: [a, b] }
  Second:
    Type: AWS::CloudFormation::CustomResource
    DependsOn: Template
    Properties:
      ServiceToken: !GetAtt Provider.Arn
      Data: { Of: !Join ["+", !GetAtt Template.Zones], Stack: !Ref AWS::StackId }
`,
    `
Outputs:
  Name: { Value: !Ref Template }
  Endpoint: { Value: !GetAtt Template.Endpoint }
  Second: { Value: !Sub "\${Second} \${Second.Of}" }
  Stack: { Value: !GetAtt Second.Stack }
`,
  );
  const StackId = expect.stringMatching(
    /^arn:aws:cloudformation:ap-northeast-2:000000000000:stack\/analytics\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
  expect(stack.outputs).toEqual({
    Name: 'made-Template',
    Endpoint: 'of-analytics',
    Second: 'made-Second a+b',
    Stack: StackId,
  });
  const ServiceToken = 'arn:aws:lambda:ap-northeast-2:000000000000:function:provider';
  const [first, second] = await asked();
  expect(first).toEqual({
    RequestType: 'Create',
    ServiceToken,
    ResponseURL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/arn%3Aaws%3Acloudformation%3A.*%7CTemplate%7C/),
    StackId,
    RequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    LogicalResourceId: 'Template',
    ResourceType: 'Custom::IndexTemplate',
    ResourceProperties: {
      ServiceToken,
      ServiceTimeout: '30',
      Body: { order: '1', mappings: { dynamic: 'true', list: ['1.5', 'x'] } },
      Data: { Endpoint: 'of-analytics', Zones: ['a', 'b'] },
    },
  });
  expect(second).toMatchObject({ ResourceType: 'AWS::CloudFormation::CustomResource', LogicalResourceId: 'Second' });

  await stack.undeploy();
  const removed = (await asked()).slice(2);
  expect(removed).toMatchObject([
    { RequestType: 'Delete', PhysicalResourceId: 'made-Second' },
    { RequestType: 'Delete', PhysicalResourceId: 'made-Template', ResourceProperties: first.ResourceProperties },
  ]);
  expect(new Set([...removed, first, second].map(({ RequestId }) => RequestId)).size).toBe(4);
  // It was open for one answer.
  await expect(fetch(first.ResponseURL, { method: 'PUT', body: '{}' })).rejects.toThrow('fetch failed');
});

test('a provider that fails ends the deployment with its reason, and may clean up', async () => {
  const error = await failureOf(resource('Does: Create fail'));
  expect(error.code).toBe('DEPLOY_FAILED');
  expect(error.message).toMatch(
    /^t\.yaml:14: Template \(Custom::IndexTemplate\) could not be made: CustomResourceFailed: Received response status \[FAILED\] from custom resource\. Message returned: the quota is full \(RequestId: [0-9a-f-]{36}\)$/,
  );
  expect(await asked()).toMatchObject([
    { RequestType: 'Create' },
    { RequestType: 'Delete', PhysicalResourceId: 'made-Template' },
  ]);
});

test('a function that throws is told at once, however long its time-out', async () => {
  const error = await failureOf(resource('Does: Create throw, ServiceTimeout: 3600'));
  expect(error.message).toContain('the function provider failed before it had answered: TypeError: no such domain');
  const [, cleanUp] = await asked();
  expect(cleanUp).toMatchObject({
    RequestType: 'Delete',
    PhysicalResourceId: expect.stringMatching(/^analytics-Template-[A-Z0-9]{12}$/),
  });
});

test('a provider that never answers is given up after ServiceTimeout', async () => {
  expect((await failureOf(resource('Does: Create nothing, ServiceTimeout: 1'))).message).toMatch(NO_ANSWER);
});

test('a provider that answers garbage is told so', async () => {
  expect((await failureOf(resource('Does: Create garbage'))).message).toMatch(
    /CustomResourceFailed: Invalid Response object: Unexpected token '<'/,
  );
});

test('a provider that sends its answer in another way learns why it was not taken', async () => {
  const { message } = await failureOf(resource('Does: Create post, ServiceTimeout: 1'));
  expect(message).toMatch(NO_ANSWER);
  expect(message).toContain('(What it sent was not taken: POST was refused with 403 SignatureDoesNotMatch: ');
});

test('a provider that cannot remove its resource does not keep the rest from going', async () => {
  const stack = await make(resource('Does: Delete fail'));
  await expect(stack.undeploy()).rejects.toMatchObject({
    code: 'DEPLOY_REMOVE_FAILED',
    message: expect.stringContaining('Template (Custom::IndexTemplate) could not be removed: CustomResourceFailed: '),
  });
  expect(stack.resources.map(({ logicalId }) => logicalId)).toEqual(['Template']);
  // Its function is gone by now, so that there is nobody left to ask.
  await stack.undeploy();
  expect(stack.resources).toEqual([]);
});

test('an attribute that the provider did not give is an error, in a resource and in an output', async () => {
  const outputs = 'Outputs: { Wrong: { Value: !GetAtt Template.Colour } }';
  const error = await failureOf(resource('Data: { Size: 1 }'), outputs);
  expect(error.message).toMatch(
    /^t\.yaml:\d+: Outputs\.Wrong: CustomResource attribute error: Vendor response doesn't contain Colour attribute in object arn:aws:cloudformation:.*\|Template\.$/,
  );
  expect(error.remedy).toBe('Its function gave Size.');
  expect((await asked()).map(({ RequestType }) => RequestType)).toEqual(['Create', 'Delete']);
  const second =
    '  Second: { Type: "Custom::B", Properties: { ServiceToken: !GetAtt Provider.Arn, A: !GetAtt Template.A } }';
  expect((await failureOf(`${resource('Data: { Size: 1 }')}\n${second}`)).message).toContain(
    "Second.Properties.A: CustomResource attribute error: Vendor response doesn't contain A attribute",
  );
});

test('what a provider does not want echoed is given to resources, and hidden in outputs', async () => {
  const { outputs } = await make(
    `${resource('Does: secret, Data: { Key: hunter2 }')}
  Second: { Type: "Custom::B", Properties: { ServiceToken: !GetAtt Provider.Arn, Key: !GetAtt Template.Key } }`,
    `Outputs: { Key: { Value: !Sub "key=\${Template.Key}" }, Name: { Value: !Ref Template } }`,
  );
  expect(outputs).toEqual({ Key: 'key=*****', Name: 'made-Template' });
  expect((await asked()).at(-1)?.ResourceProperties.Key).toBe('hunter2');
});

test('it is left as it is when nothing was lost, and made again with what it needs', async () => {
  const stack = await make(resource('Data: {}'));
  await stack.redeploy();
  expect(await asked()).toHaveLength(1);
  await aws.edge.access.client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName: 'provider' }));
  await stack.redeploy();
  expect((await asked()).map(({ RequestType }) => RequestType)).toEqual(['Create', 'Create']);
});

test('resources side by side may share a function that runs once at a time', async () => {
  const more = ['A', 'B', 'C', 'D'].map(
    (name) => `  ${name}: { Type: "Custom::Thing", Properties: { ServiceToken: !GetAtt Provider.Arn } }`,
  );
  const text = `${'      ReservedConcurrentExecutions: 1\n'}${more.join('\n')}`;
  const { resources } = await make(text);
  expect(resources.map(({ physicalId }) => physicalId).sort()).toEqual([
    'made-A',
    'made-B',
    'made-C',
    'made-D',
    'provider',
  ]);
});

test('a function that is not there is refused by its name', async () => {
  const text = `  Lost: { Type: "Custom::A", Properties: { ServiceToken: "arn:aws:lambda:ap-northeast-2:000000000000:function:lost" } }`;
  expect((await failureOf(text)).message).toContain(
    'CustomResourceFailed: Function not found: arn:aws:lambda:ap-northeast-2:000000000000:function:lost',
  );
});
