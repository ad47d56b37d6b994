import { createClock, createRandom } from '../../clock/index.ts';
import { bufferBody } from '../../edge/body.ts';
import type { EmulatorContext, InternalRequest, InternalResponse } from '../../edge/emulator.ts';
import type { EdgeRequest, EdgeResponse } from '../../edge/http.ts';
import type { LogEvent } from '../../edge/sinks.ts';
import type { NewEntry } from '../../ledger/index.ts';
import { type ApiGatewayOptions, createApiGateway } from './index.ts';

export const REGION = 'ap-northeast-2';
export const ACCOUNT = '123456789012';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/gateway`;
/** 2022-01-27 14:48:25 KST, when the workshop's record was put. */
export const WORKSHOP_TIME = Date.parse('2022-01-27T05:48:25Z');
export const WORKSHOP_BODY = '{"value":"30","type":"Tip 3"}';
export const WORKSHOP_ANSWER =
  '{"SequenceNumber":"49626135972400940184133817869815238878718600013148061698","ShardId":"shardId-000000000000"}';

/** An emulator without an edge: what it sends to other services goes to `send`. */
export function testGateway(
  send: (request: InternalRequest) => Promise<InternalResponse> | InternalResponse = refuseAll,
  { tls, faults }: Pick<ApiGatewayOptions, 'tls' | 'faults'> = {},
) {
  const clock = createClock();
  const entries: (NewEntry & { readonly n: number })[] = [];
  const errors: unknown[] = [];
  const logs: { readonly group: string; readonly stream: string; readonly event: LogEvent }[] = [];
  const samples: { readonly metric: string; readonly dimensions: string; readonly value: number }[] = [];
  const context: EmulatorContext = {
    clock,
    random: createRandom('api gateway test'),
    ledger: {
      append(entry) {
        entries.push({ ...entry, n: entries.length + 1 });
        return entries.length;
      },
    },
    aws: {
      emulates: () => false,
      client() {
        throw new Error('API Gateway sends raw requests.');
      },
      send: async (request) => await send(request),
    },
    dataDir: '/nowhere',
    log: { info() {}, warn() {}, error: (message, cause) => void errors.push({ message, cause }) },
    defaults: { region: REGION, accountId: ACCOUNT },
  };
  const emulator = createApiGateway(context, {
    tls,
    faults,
    logs: {
      put(group, stream, events) {
        for (const event of events) logs.push({ group, stream, event });
      },
    },
    metrics: {
      count(namespace, metric, dimensions, value) {
        const text = Object.entries(dimensions).map(([name, one]) => `${name}=${one}`);
        samples.push({ metric: `${namespace} ${metric}`, dimensions: text.join(','), value });
      },
    },
  });

  /** Calls an operation of the API as the edge would. */
  // biome-ignore lint/suspicious/noExplicitAny: the answers' types are the SDK's, which tests look into freely.
  async function call(name: string, input: object = {}): Promise<any> {
    const operation = emulator.operations.find(({ schema }) => schema[2] === name);
    if (!operation) throw new Error(`There is no operation ${name}.`);
    const about = { requestId: 'r', region: REGION, accountId: ACCOUNT, request: edgeRequest('POST', '/') };
    return await operation.run(input as never, about);
  }

  async function invoke(url: string, request: TestRequest = {}): Promise<TestAnswer> {
    const [, apiId = '', stage = '', path = '', query = ''] = /^([^/]+)\/([^/?]+)([^?]*)\??(.*)$/.exec(url) ?? [];
    const edge = edgeRequest(request.method ?? 'POST', `/${stage}${path}`, request.headers, request.body);
    const response = await received(emulator.dataPlane?.handle(edge, { apiId, stage, path: path || '/', query }));
    return toAnswer(response as EdgeResponse);
  }

  return {
    emulator,
    clock,
    entries,
    errors,
    logs,
    samples,
    call,
    invoke,
    lines: () => logs.map((log) => log.event.message),
  };
}

/** Waits for an answer as whoever is behind a connection does, who can ask more only once the event loop goes on. */
export async function received<T>(answer: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await answer;
  } finally {
    await new Promise<void>((resolve) => process.nextTick(resolve));
  }
}

export type TestGateway = ReturnType<typeof testGateway>;

export interface TestRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: EdgeResponse['headers'];
  readonly body: string;
  readonly bytes: Buffer;
}

export interface MethodPlan {
  /** What the API is made with, besides a name. */
  readonly api?: object;
  readonly pathPart?: string;
  readonly httpMethod?: string;
  readonly integration: object;
  readonly methodResponses?: readonly object[];
  readonly integrationResponses?: readonly object[];
}

/** Deploys an API of one method at `/<pathPart>` to the stage PROD. Answers its ids and `<api id>/PROD/<pathPart>`. */
export async function deploy({ call }: TestGateway, plan: MethodPlan) {
  const api = await call('CreateRestApi', {
    name: 'ingest',
    endpointConfiguration: { types: ['REGIONAL'] },
    ...plan.api,
  });
  const pathPart = plan.pathPart ?? 'v1';
  const resource = await call('CreateResource', { restApiId: api.id, parentId: api.rootResourceId, pathPart });
  const httpMethod = plan.httpMethod ?? 'POST';
  const at = { restApiId: api.id, resourceId: resource.id, httpMethod };
  await call('PutMethod', { ...at, authorizationType: 'NONE' });
  for (const response of plan.methodResponses ?? [{ statusCode: '200' }])
    await call('PutMethodResponse', { ...at, ...response });
  await call('PutIntegration', { ...at, ...plan.integration });
  for (const response of plan.integrationResponses ?? [{ statusCode: '200' }]) {
    await call('PutIntegrationResponse', { ...at, ...response });
  }
  const deployment = await call('CreateDeployment', { restApiId: api.id, stageName: 'PROD' });
  return {
    restApiId: api.id as string,
    resourceId: resource.id as string,
    deploymentId: deployment.id as string,
    at,
    url: `${api.id}/PROD/${pathPart}`,
  };
}

/** The workshop's integration with Kinesis. */
export const KINESIS = {
  type: 'AWS',
  integrationHttpMethod: 'POST',
  uri: `arn:aws:apigateway:${REGION}:kinesis:action/PutRecord`,
  credentials: ROLE,
  requestParameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" },
  requestTemplates: {
    'application/json':
      '{"StreamName":"ingest","Data":"$util.base64Encode($input.json(\'$\'))","PartitionKey":"$context.requestId"}',
  },
  passthroughBehavior: 'NEVER',
};

/** Logging of everything, as the console's "Full request and response logs". */
export async function enableLogs({ call }: TestGateway, restApiId: string): Promise<void> {
  await call('UpdateAccount', { patchOperations: [{ op: 'replace', path: '/cloudwatchRoleArn', value: ROLE }] });
  await call('UpdateStage', {
    restApiId,
    stageName: 'PROD',
    patchOperations: [
      { op: 'replace', path: '/*/*/logging/loglevel', value: 'INFO' },
      { op: 'replace', path: '/*/*/logging/dataTrace', value: 'true' },
      { op: 'replace', path: '/*/*/metrics/enabled', value: 'true' },
    ],
  });
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): InternalResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1', ...headers }, body: Buffer.from(text) };
}

function refuseAll(): InternalResponse {
  throw new Error('Nothing was expected to be sent.');
}

/** A request as the edge would hand it on. */
export function edgeRequest(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>> = {},
  body: string | Buffer = '',
): EdgeRequest {
  return {
    method,
    target,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: Object.entries(headers).flat(),
    body: bufferBody(Buffer.from(body)),
    remoteAddress: '127.0.0.1',
    internal: false,
    signal: new AbortController().signal,
  };
}

function toAnswer({ status, headers, body }: EdgeResponse): TestAnswer {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(String(body));
  return { status, headers, body: bytes.toString(), bytes };
}
