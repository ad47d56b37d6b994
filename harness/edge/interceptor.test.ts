import { APIGatewayClient, GetRestApi$, GetRestApiCommand } from '@aws-sdk/client-api-gateway';
import { FirehoseClient, ListDeliveryStreams$, ListDeliveryStreamsCommand } from '@aws-sdk/client-firehose';
import { describe, expect, test } from 'vitest';
import type { EdgeResponse } from './http.ts';
import { AwsError, ConnectionReset } from './index.ts';
import { recorded, sdk, testEdge } from './testing.ts';

async function bench() {
  const list = recorded(ListDeliveryStreams$, () => ({ DeliveryStreamNames: ['a'], HasMoreDeliveryStreams: false }));
  const made = await testEdge({}, [
    {
      service: 'firehose',
      protocol: { kind: 'json', version: '1.1', targetPrefix: 'Firehose_20150804' },
      operations: [list],
    },
    {
      service: 'apigateway',
      protocol: { kind: 'rest-json' },
      operations: [recorded(GetRestApi$, () => ({ id: 'a1' }))],
      dataPlane: {
        async handle(_request, { stage, path }): Promise<EdgeResponse> {
          return { status: 200, headers: {}, body: `${stage} ${path}` };
        },
      },
    },
  ]);
  const client = new FirehoseClient(sdk(made.url));
  return { ...made, [Symbol.asyncDispose]: made[Symbol.asyncDispose], client, list };
}

describe('a fault at the edge', () => {
  test('knows whose request and which operation it is', async () => {
    await using it = await bench();
    const seen: unknown[] = [];
    it.edge.use(async (request, { service, operation }, next) => {
      seen.push([service, operation]);
      return await next(request);
    });
    await it.client.send(new ListDeliveryStreamsCommand({}));
    await new APIGatewayClient(sdk(it.url)).send(new GetRestApiCommand({ restApiId: 'a1' }));
    const api = await fetch(`${it.url}/_aws/execute-api/a1/PROD/v1`);
    expect(await api.text()).toBe('PROD /v1');
    expect(seen).toEqual([
      ['firehose', 'ListDeliveryStreams'],
      ['apigateway', 'GetRestApi'],
      ['execute-api', undefined],
    ]);
  });

  test('may answer instead, in the service’s own words', async () => {
    await using it = await bench();
    it.edge.use(async () => {
      throw new AwsError('ServiceUnavailableException', 'Slow down.', 503);
    });
    await expect(it.client.send(new ListDeliveryStreamsCommand({}))).rejects.toMatchObject({
      name: 'ServiceUnavailableException',
      message: 'Slow down.',
      $metadata: { httpStatusCode: 503 },
    });
    expect(it.list.inputs).toEqual([]);
  });

  test('may reset the connection before the work is done, or lose the answer after it', async () => {
    await using it = await bench();
    const before = it.edge.use(async () => {
      throw new ConnectionReset();
    });
    await expect(it.client.send(new ListDeliveryStreamsCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(it.list.inputs).toEqual([]);
    before();
    const after = it.edge.use(async (request, _subject, next) => {
      await next(request);
      throw new ConnectionReset();
    });
    await expect(it.client.send(new ListDeliveryStreamsCommand({}))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(it.list.inputs).toHaveLength(1);
    after();
    expect(await it.client.send(new ListDeliveryStreamsCommand({}))).toMatchObject({ DeliveryStreamNames: ['a'] });
    expect(it.logged).toEqual([]);
  });

  test('stands around those added after it', async () => {
    await using it = await bench();
    const order: string[] = [];
    for (const name of ['outer', 'inner']) {
      it.edge.use(async (request, _subject, next) => {
        order.push(`${name} before`);
        const response = await next(request);
        order.push(`${name} after`);
        return response;
      });
    }
    await it.client.send(new ListDeliveryStreamsCommand({}));
    expect(order).toEqual(['outer before', 'inner before', 'inner after', 'outer after']);
  });
});

describe('health', () => {
  test('names the emulated services while LocalStack is away', async () => {
    await using it = await bench();
    const response = await fetch(`${it.url}/_localstack/health`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      services: { firehose: 'running', apigateway: 'running' },
      naetmul: { services: ['firehose', 'apigateway'], localstack: 'away' },
    });
  });
});
