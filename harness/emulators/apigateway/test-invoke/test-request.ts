import type { TestInvokeMethodRequest } from '@aws-sdk/client-api-gateway';
import { bufferBody } from '../../../edge/body.ts';
import type { DataPlaneRoute } from '../../../edge/emulator.ts';
import type { EdgeRequest } from '../../../edge/http.ts';
import type { RequestIdentity } from '../data-plane/context-variables.ts';
import { MultiMap } from '../data-plane/multi-map.ts';
import { Router } from '../data-plane/router.ts';
import type { Stage } from '../store/model.ts';

export const TEST_STAGE = 'test-invoke-stage';
const TEST_DOMAIN_PREFIX = 'testPrefix';

/** What the caller of TestInvokeMethod wants to be sent. */
export type TestInput = Pick<
  TestInvokeMethodRequest,
  'body' | 'headers' | 'httpMethod' | 'multiValueHeaders' | 'pathWithQueryString' | 'stageVariables'
>;

/** A request that nobody sent. What AWS says about it in place of what it cannot know is seen in published events. */
export interface TestRequest {
  readonly request: EdgeRequest;
  readonly route: DataPlaneRoute;
  readonly stage: Stage;
  /** Those that were given, and none of API Gateway's own (recorded). */
  readonly headers: MultiMap;
  readonly pathParameters: Readonly<Record<string, string>>;
}

export function makeTestRequest(input: TestInput, apiId: string, resourcePath: string, now: number): TestRequest {
  const [path = '', query = ''] = splitAtQuery(input.pathWithQueryString || resourcePath);
  const headers = headersOf(input);
  const httpMethod = input.httpMethod ?? '';
  return {
    request: {
      method: httpMethod,
      target: `/${TEST_STAGE}${path}`,
      headers: Object.fromEntries([...headers.lasts()].map(([name, value]) => [name.toLowerCase(), value])),
      rawHeaders: [],
      body: bufferBody(Buffer.from(input.body ?? '')),
      remoteAddress: 'test-invoke-source-ip',
      internal: true,
      signal: new AbortController().signal,
    },
    route: { apiId, stage: TEST_STAGE, path, query },
    stage: makeStage(input.stageVariables, now),
    headers,
    pathParameters: pathParametersOf(resourcePath, path),
  };
}

/** What the context of a test says of itself. */
export const testContext = (path: string) => ({
  deploymentId: '',
  domainName: `${TEST_DOMAIN_PREFIX}.testDomainName`,
  domainPrefix: TEST_DOMAIN_PREFIX,
  path,
});

export const testIdentity = (identity: RequestIdentity): RequestIdentity => ({
  ...identity,
  apiKey: 'test-invoke-api-key',
  apiKeyId: 'test-invoke-api-key-id',
});

/** A path that is not one of the resource gives no parameters, and is no error (recorded). */
function pathParametersOf(resourcePath: string, path: string): Readonly<Record<string, string>> {
  const router = new Router<true>();
  router.add(resourcePath, 'ANY', true);
  return router.match(path, 'ANY')?.pathParameters ?? {};
}

function splitAtQuery(text: string): [string, string] {
  const mark = text.indexOf('?');
  return mark < 0 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)];
}

function headersOf({ headers = {}, multiValueHeaders = {} }: TestInput): MultiMap {
  const all = new MultiMap();
  for (const [name, value] of Object.entries(headers)) {
    if (!Object.hasOwn(multiValueHeaders, name)) all.add(name, value);
  }
  for (const [name, values] of Object.entries(multiValueHeaders)) for (const value of values) all.add(name, value);
  return all;
}

function makeStage(variables: Readonly<Record<string, string>> = {}, now: number): Stage {
  const at = new Date(now);
  return {
    stageName: TEST_STAGE,
    createdDate: at,
    lastUpdatedDate: at,
    deploymentId: '',
    variables: new Map(Object.entries(variables)),
    tags: new Map(),
    methodSettings: new Map(),
  };
}
