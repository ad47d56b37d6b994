import {
  APIGatewayClient,
  CreateDeployment$,
  CreateDeploymentCommand,
  CreateRestApi$,
  CreateRestApiCommand,
  DeleteRestApi$,
  DeleteRestApiCommand,
  GetExport$,
  GetExportCommand,
  GetResource$,
  GetResourceCommand,
  GetResources$,
  GetResourcesCommand,
  GetRestApi$,
  GetRestApiCommand,
  ImportRestApi$,
  ImportRestApiCommand,
  NotFoundException,
  PutIntegration$,
  PutIntegrationCommand,
  TagResource$,
  TagResourceCommand,
  UntagResource$,
  UntagResourceCommand,
} from '@aws-sdk/client-api-gateway';
import { describe, expect, test } from 'vitest';
import { AwsError } from '../aws-error.ts';
import type { Emulator, Operation } from '../emulator.ts';
import { recorded, sdk, testEdge } from '../testing.ts';

function apigateway(...operations: Operation[]): Emulator {
  return { service: 'apigateway', protocol: { kind: 'rest-json' }, operations };
}

async function bench(...operations: Operation[]) {
  const made = await testEdge({}, [apigateway(...operations)]);
  return { ...made, [Symbol.asyncDispose]: made[Symbol.asyncDispose], client: new APIGatewayClient(sdk(made.url)) };
}

describe('AWS REST-JSON', () => {
  test('body members arrive typed, and the answer has the model’s status', async () => {
    const createdDate = new Date('2022-01-25T09:26:25Z');
    const create = recorded(CreateRestApi$, ({ name }) => ({ id: 'a1b2c3d4e5', name, createdDate, tags: { a: 'b' } }));
    await using it = await bench(create);
    const input = {
      name: '냇물',
      tags: { a: 'b' },
      binaryMediaTypes: ['*/*'],
      disableExecuteApiEndpoint: false,
      minimumCompressionSize: 0,
      endpointConfiguration: { types: ['REGIONAL' as const] },
    };
    const answer = await it.client.send(new CreateRestApiCommand(input));
    expect(create.inputs).toEqual([input]);
    expect(answer).toMatchObject({ id: 'a1b2c3d4e5', name: '냇물', createdDate, tags: { a: 'b' } });
    expect(answer.$metadata.httpStatusCode).toBe(201);
  });

  test('labels, whatever they contain, come from the path', async () => {
    const tag = recorded(TagResource$, () => undefined);
    await using it = await bench(tag);
    const resourceArn = 'arn:aws:apigateway:us-east-1::/restapis/a1/stages/PROD v1+%2F';
    const answer = await it.client.send(new TagResourceCommand({ resourceArn, tags: { owner: '팀' } }));
    expect(tag.inputs).toEqual([{ resourceArn, tags: { owner: '팀' } }]);
    expect(answer.$metadata.httpStatusCode).toBe(204);
  });

  test('members go by their JSON names', async () => {
    const put = recorded(PutIntegration$, (input) => ({
      type: input.type,
      httpMethod: input.integrationHttpMethod,
      requestTemplates: input.requestTemplates,
    }));
    await using it = await bench(put);
    const input = {
      restApiId: 'a1',
      resourceId: 'r1',
      httpMethod: 'POST',
      type: 'AWS' as const,
      integrationHttpMethod: 'PUT',
      uri: 'arn:aws:apigateway:us-east-1:kinesis:action/PutRecord',
      requestTemplates: { 'application/json': '{"Data": "$util.base64Encode($input.body)"}' },
      timeoutInMillis: 29_000,
    };
    const answer = await it.client.send(new PutIntegrationCommand(input));
    expect(put.inputs).toEqual([input]);
    expect(answer).toMatchObject({ type: 'AWS', httpMethod: 'PUT', requestTemplates: input.requestTemplates });
  });

  test('query parameters become numbers, lists and maps; those of the path template belong to nobody', async () => {
    const resources = recorded(GetResources$, () => ({ items: [{ id: 'r1', path: '/' }] }));
    const untag = recorded(UntagResource$, () => undefined);
    const imported = recorded(ImportRestApi$, () => ({ id: 'a1' }));
    const create = recorded(CreateRestApi$, () => ({ id: 'wrong' }));
    await using it = await bench(create, resources, untag, imported);
    await it.client.send(new GetResourcesCommand({ restApiId: 'a1', limit: 500, embed: ['methods', 'x'] }));
    expect(resources.inputs).toEqual([{ restApiId: 'a1', limit: 500, embed: ['methods', 'x'] }]);
    await it.client.send(new UntagResourceCommand({ resourceArn: 'arn', tagKeys: ['a b', 'c&d'] }));
    expect(untag.inputs).toEqual([{ resourceArn: 'arn', tagKeys: ['a b', 'c&d'] }]);
    const body = Buffer.from('openapi: 3.0.1\n');
    const input = { failOnWarnings: true, parameters: { endpointConfigurationTypes: 'REGIONAL' }, body };
    expect(await it.client.send(new ImportRestApiCommand(input))).toMatchObject({ id: 'a1' });
    expect(imported.inputs).toEqual([input]);
  });

  test('what a request has in its query, an answer has in its body', async () => {
    await using it = await bench(recorded(GetResources$, ({ position }) => ({ items: [], position: `${position}+` })));
    const answer = await it.client.send(new GetResourcesCommand({ restApiId: 'a1', position: 'b' }));
    expect(answer.position).toBe('b+');
  });

  test('headers and a payload of bytes go both ways', async () => {
    const contentDisposition = 'attachment; filename="prod.yaml"';
    const body = Buffer.from('openapi: 3.0.1\nx: \u00e9\n');
    const exported = recorded(GetExport$, () => ({ contentType: 'application/yaml', contentDisposition, body }));
    await using it = await bench(exported);
    const input = {
      restApiId: 'a1',
      stageName: 'PROD',
      exportType: 'oas30',
      accepts: 'application/yaml',
      parameters: { extensions: 'integrations' },
    };
    const answer = await it.client.send(new GetExportCommand(input));
    expect(exported.inputs).toEqual([input]);
    expect(answer).toMatchObject({ contentType: 'application/yaml', contentDisposition });
    expect(Buffer.from(answer.body as Uint8Array)).toEqual(body);
  });

  test('an operation without output answers with an empty body', async () => {
    const remove = recorded(DeleteRestApi$, () => undefined);
    await using it = await bench(remove);
    await it.client.send(new DeleteRestApiCommand({ restApiId: 'a1' }));
    const raw = await fetch(`${it.url}/restapis/a1`, { method: 'DELETE' });
    expect([raw.status, await raw.text()]).toEqual([202, '']);
    expect(remove.inputs).toEqual([{ restApiId: 'a1' }, { restApiId: 'a1' }]);
  });

  test('paths of other operations are not mistaken for this one', async () => {
    const api = recorded(GetRestApi$, () => ({ id: 'a1' }));
    const resource = recorded(GetResource$, () => ({ id: 'r1' }));
    const deployment = recorded(CreateDeployment$, () => ({ id: 'd1' }));
    await using it = await bench(api, resource, deployment);
    expect(await it.client.send(new GetRestApiCommand({ restApiId: 'a1' }))).toMatchObject({ id: 'a1' });
    expect(await it.client.send(new GetResourceCommand({ restApiId: 'a1', resourceId: 'r1' }))).toMatchObject({
      id: 'r1',
    });
    expect(await it.client.send(new CreateDeploymentCommand({ restApiId: 'a1' }))).toMatchObject({ id: 'd1' });
  });

  test('an AwsError becomes the SDK’s own exception', async () => {
    const get = recorded(GetRestApi$, () => {
      throw new AwsError('NotFoundException', 'Invalid API identifier specified 000000000000:zz', 404);
    });
    await using it = await bench(get);
    const error = await it.client.send(new GetRestApiCommand({ restApiId: 'zz' })).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotFoundException);
    expect((error as Error).message).toBe('Invalid API identifier specified 000000000000:zz');
    const raw = await fetch(`${it.url}/restapis/zz`);
    expect(raw.headers.get('x-amzn-errortype')).toBe('NotFoundException');
    expect(await raw.json()).toEqual({ message: 'Invalid API identifier specified 000000000000:zz' });
  });

  test('an error’s further members stand before its message, which some services write in capitals', async () => {
    const members = [
      { Type: 'User', Reason: 'CallerRateLimitExceeded' },
      { Message: 'Gone.', Type: 'User' },
    ];
    const get = recorded(GetRestApi$, ({ restApiId }) => {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, members[Number(restApiId)]);
    });
    await using it = await bench(get);
    const bodies = [await fetch(`${it.url}/restapis/0`), await fetch(`${it.url}/restapis/1`)].map((raw) => raw.text());
    expect(await Promise.all(bodies)).toEqual([
      '{"Type":"User","Reason":"CallerRateLimitExceeded","message":"Rate Exceeded."}',
      '{"Message":"Gone.","Type":"User"}',
    ]);
  });

  test('a payload of bytes has the content type that the operation gives it', async () => {
    const exported = { ...recorded(GetExport$, () => ({ body: Buffer.from('{}') })), payloadType: 'application/json' };
    await using it = await bench(exported);
    const raw = await fetch(`${it.url}/restapis/a1/stages/PROD/exports/oas30`);
    expect([raw.headers.get('content-type'), await raw.text()]).toEqual(['application/json', '{}']);
  });

  test('operations that are loaded at the first call answer it, and are loaded once', async () => {
    const get = recorded(GetRestApi$, () => ({ id: 'a1' }));
    let loads = 0;
    const loadOperations = async () => {
      loads += 1;
      return [get];
    };
    await using made = await testEdge({}, [{ ...apigateway(), loadOperations }]);
    expect(loads).toBe(0);
    const client = new APIGatewayClient(sdk(made.url));
    const calls = [1, 2, 3].map(() => client.send(new GetRestApiCommand({ restApiId: 'a1' })));
    for (const answer of await Promise.all(calls)) expect(answer.id).toBe('a1');
    expect([loads, get.inputs.length]).toEqual([1, 3]);
  });

  test('an operation the emulator does not have is refused by name', async () => {
    await using it = await bench();
    await expect(it.client.send(new GetRestApiCommand({ restApiId: 'a1' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: 'naetmul does not support GET /restapis/a1 of apigateway.',
      $metadata: { httpStatusCode: 404 },
    });
  });

  test('a parameter of the wrong type is a SerializationException', async () => {
    await using it = await bench(recorded(GetResources$, () => ({})));
    const raw = await fetch(`${it.url}/restapis/a1/resources?limit=many`);
    expect(raw.status).toBe(400);
    expect(raw.headers.get('x-amzn-errortype')).toBe('SerializationException');
    expect(await raw.json()).toEqual({ message: 'The value of limit cannot be read: it is not a number' });
  });
});
