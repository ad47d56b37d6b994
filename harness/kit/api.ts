import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  CreateResourceCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  type PutIntegrationCommandInput,
  PutIntegrationResponseCommand,
  type PutIntegrationResponseCommandInput,
  PutMethodCommand,
  PutMethodResponseCommand,
  UpdateAccountCommand,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { type Answer, createSender, type Method, type SendOptions } from './http.ts';

const REGION = 'ap-northeast-2';
const STAGE = 'PROD';
const ROLE = 'arn:aws:iam::000000000000:role/api';

type OfMethod = 'restApiId' | 'resourceId' | 'httpMethod';
export type ApiIntegration = Omit<PutIntegrationCommandInput, OfMethod>;
export type ApiIntegrationResponse = Omit<PutIntegrationResponseCommandInput, OfMethod>;

export interface ApiMethod {
  /** One segment: `/v1`, `/{name}`, `/{proxy+}`. */
  readonly path: string;
  /** POST where nothing else is said. */
  readonly httpMethod?: string;
  readonly integration: ApiIntegration;
  /** 200 for everything where nothing else is said, which is what a proxy integration has, too. */
  readonly responses?: readonly ApiIntegrationResponse[];
}

export interface ApiDescription {
  readonly name: string;
  readonly methods: readonly ApiMethod[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Of the stage: paths of UpdateStage, such as `/v1/POST/throttling/rateLimit`, and their values. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface DeployedApi {
  readonly apiId: string;
  readonly stageName: string;
  /** `http://127.0.0.1:4566/_aws/execute-api/<id>/PROD`. */
  readonly url: string;
  readonly executionLogGroup: string;
}

/** Makes APIs, and calls them. */
export interface Apis {
  deploy(description: ApiDescription): Promise<DeployedApi>;
  /** Rejects when no whole answer comes back. */
  send(method: Method, url: string, options?: SendOptions): Promise<Answer>;
}

export function createApis(apiGateway: APIGatewayClient, edge: string): Apis & { close(): void } {
  const sender = createSender();
  return {
    deploy: (description) => deployApi(apiGateway, edge, description),
    send: sender.send,
    close: () => sender.close(),
  };
}

/** Makes an API as an AWS user would, call by call, and deploys it. @param edge `http://127.0.0.1:4566` */
export async function deployApi(
  apiGateway: APIGatewayClient,
  edge: string,
  { name, methods, variables = {}, settings = {} }: ApiDescription,
): Promise<DeployedApi> {
  const { id: restApiId = '' } = await apiGateway.send(new CreateRestApiCommand({ name }));
  const { items = [] } = await apiGateway.send(new GetResourcesCommand({ restApiId }));
  const parentId = items[0]?.id;
  for (const path of new Set(methods.map((method) => method.path))) {
    const { id: resourceId } = await apiGateway.send(
      new CreateResourceCommand({ restApiId, parentId, pathPart: path.slice(1) }),
    );
    for (const method of methods.filter((candidate) => candidate.path === path)) {
      await putMethod(apiGateway, { restApiId, resourceId, httpMethod: method.httpMethod ?? 'POST' }, method);
    }
  }
  await apiGateway.send(new CreateDeploymentCommand({ restApiId, stageName: STAGE, variables }));
  const patches = Object.entries(settings).map(([path, value]) => ({ op: 'replace' as const, path, value }));
  if (patches.length > 0) {
    // Logging needs a role of the account.
    const role = { op: 'replace' as const, path: '/cloudwatchRoleArn', value: ROLE };
    await apiGateway.send(new UpdateAccountCommand({ patchOperations: [role] }));
    await apiGateway.send(new UpdateStageCommand({ restApiId, stageName: STAGE, patchOperations: patches }));
  }
  return {
    apiId: restApiId,
    stageName: STAGE,
    url: `${edge}/_aws/execute-api/${restApiId}/${STAGE}`,
    executionLogGroup: `API-Gateway-Execution-Logs_${restApiId}/${STAGE}`,
  };
}

async function putMethod(
  apiGateway: APIGatewayClient,
  method: { readonly restApiId: string; readonly resourceId: string | undefined; readonly httpMethod: string },
  { integration, responses = [{ statusCode: '200' }] }: ApiMethod,
): Promise<void> {
  await apiGateway.send(new PutMethodCommand({ ...method, authorizationType: 'NONE' }));
  await apiGateway.send(new PutIntegrationCommand({ ...method, ...integration }));
  for (const statusCode of new Set(responses.map((response) => response.statusCode))) {
    await apiGateway.send(new PutMethodResponseCommand({ ...method, statusCode }));
  }
  for (const response of responses) {
    await apiGateway.send(new PutIntegrationResponseCommand({ ...method, ...response }));
  }
}

/** Kinesis' PutRecord, with the input that the templates make, by content type. Other content types are 415. */
export function putRecordIntegration(requestTemplates: Readonly<Record<string, string>>): ApiIntegration {
  return {
    type: 'AWS',
    integrationHttpMethod: 'POST',
    uri: `arn:aws:apigateway:${REGION}:kinesis:action/PutRecord`,
    credentials: ROLE,
    requestParameters: { 'integration.request.header.Content-Type': "'application/x-amz-json-1.1'" },
    passthroughBehavior: 'NEVER',
    requestTemplates: { ...requestTemplates },
  };
}

/** Nothing behind it: 200, with what a template makes of the request. */
export function mockIntegration(): ApiIntegration {
  return {
    type: 'MOCK',
    requestTemplates: { 'application/json': '{"statusCode": 200}', $default: '{"statusCode": 200}' },
  };
}
