import { fileURLToPath } from 'node:url';
import * as api from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Deployed, deploy, loadTemplate } from '../../../deploy/index.ts';
import { type TestAws, testAws } from '../../../deploy/testing.ts';
import { sdk } from '../../../edge/testing.ts';
import { describeApi } from './testing.ts';

const TEMPLATE = fileURLToPath(new URL('../../../../services/ingest/template.yaml', import.meta.url));
const EVENT = '{"value":"30","type":"Tip 3"}';

let aws: TestAws;
let ingest: Deployed;
let client: api.APIGatewayClient;

beforeAll(async () => {
  aws = await testAws('openapi');
  ingest = await deploy(await loadTemplate(TEMPLATE), aws.options);
  client = new api.APIGatewayClient({ ...sdk(aws.url), region: 'ap-northeast-2' });
});

afterAll(async () => {
  client?.destroy();
  await aws?.[Symbol.asyncDispose]();
});

/** Calls an operation by its name, as the SDK does over HTTP. */
async function call(name: string, input: object) {
  const commands = api as unknown as Record<string, new (input: object) => never>;
  const Command = commands[`${name}Command`] as new (input: object) => never;
  const { $metadata: _metadata, ...answer } = (await client.send(new Command(input))) as object as {
    $metadata: object;
  };
  return answer;
}

async function exported(exportType: 'oas30' | 'swagger', accepts = 'application/json'): Promise<string> {
  const { ApiId: restApiId, StageName: stageName } = ingest.outputs;
  const parameters = { extensions: 'apigateway' };
  const { body, contentType, contentDisposition } = await client.send(
    new api.GetExportCommand({ restApiId, stageName, exportType, accepts, parameters }),
  );
  expect(contentType).toBe('application/octet-stream');
  expect(contentDisposition).toMatch(
    new RegExp(`^attachment; filename="${exportType}_.+\\.${accepts.split('/')[1]}"$`),
  );
  return Buffer.from(body as Uint8Array).toString();
}

const describeWithoutVersion = async (restApiId: string) => {
  const { version: _time, ...rest } = (await describeApi(call, restApiId)) as { version?: string };
  return rest;
};

test.each([
  ['oas30', 'application/json'],
  ['oas30', 'application/yaml'],
  ['swagger', 'application/json'],
  ['swagger', 'application/yaml'],
] as const)('the API of the ingest service, exported as %s in %s and imported, is the same API', async (type, accepts) => {
  const text = await exported(type, accepts);
  const { id, warnings } = await client.send(
    new api.ImportRestApiCommand({
      body: Buffer.from(text),
      failOnWarnings: true,
      parameters: { endpointConfigurationTypes: 'REGIONAL' },
    }),
  );
  expect(warnings).toBeUndefined();
  expect(await describeWithoutVersion(id as string)).toEqual(
    await describeWithoutVersion(ingest.outputs.ApiId as string),
  );
});

test('an imported ingest serves as the original does, also in a test', async () => {
  const definition = parse(await exported('oas30', 'application/yaml'));
  const { id: restApiId } = await client.send(
    new api.ImportRestApiCommand({ body: Buffer.from(JSON.stringify(definition)) }),
  );
  await client.send(new api.CreateDeploymentCommand({ restApiId, stageName: 'PROD' }));
  const answer = await fetch(`${aws.url}/_aws/execute-api/${restApiId}/PROD/v1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: EVENT,
  });
  expect(answer.status).toBe(200);
  const { items = [] } = await client.send(new api.GetResourcesCommand({ restApiId }));
  const resourceId = items.find(({ path }) => path === '/v1')?.id;
  const tested = await client.send(
    new api.TestInvokeMethodCommand({
      restApiId,
      resourceId,
      httpMethod: 'POST',
      pathWithQueryString: '/v1?a=b',
      headers: { 'Content-Type': 'application/json' },
      body: EVENT,
    }),
  );
  expect(tested).toMatchObject({ status: 200, body: expect.stringContaining('SequenceNumber') });
  expect(tested.log).toContain(' : Method request query string: {a=b}\n');
  expect(tested.log).toMatch(/ : Method completed with status: 200\n$/);
});

test('PutRestApi takes its mode and its parameters from the query', async () => {
  const definition = (path: string) =>
    Buffer.from(JSON.stringify({ swagger: '2.0', info: { title: 'p' }, basePath: '/base', paths: { [path]: {} } }));
  const parameters = { basepath: 'prepend' };
  const { id: restApiId } = await client.send(new api.ImportRestApiCommand({ body: definition('/a'), parameters }));
  const put = (mode: api.PutMode, path: string) =>
    client.send(new api.PutRestApiCommand({ restApiId, mode, body: definition(path), parameters }));
  const paths = async () => {
    const { items = [] } = await client.send(new api.GetResourcesCommand({ restApiId }));
    return items.map(({ path }) => path);
  };
  await put('merge', '/b');
  expect(await paths()).toEqual(['/', '/base', '/base/a', '/base/b']);
  await put('overwrite', '/c');
  expect(await paths()).toEqual(['/', '/base', '/base/c']);
  await expect(
    client.send(new api.ImportRestApiCommand({ body: Buffer.from("{'key:value}"), parameters })),
  ).rejects.toMatchObject({ name: 'BadRequestException', message: 'Invalid OpenAPI input.' });
});
