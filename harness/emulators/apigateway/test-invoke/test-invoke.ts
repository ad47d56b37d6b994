import type { TestInvokeMethodResponse } from '@aws-sdk/client-api-gateway';
import type { Clock } from '../../../clock/index.ts';
import type { DataPlaneRoute } from '../../../edge/emulator.ts';
import type { EdgeRequest } from '../../../edge/http.ts';
import type { Exchange, GatewayAnswer } from '../data-plane/exchange.ts';
import { ExecutionLog } from '../data-plane/execution-log.ts';
import { missingAuthenticationToken } from '../data-plane/gateway-failure.ts';
import type { RenderedGatewayResponse } from '../data-plane/gateway-response.ts';
import { logRequest } from '../data-plane/opening-lines.ts';
import { type MethodRuntime, type Runtime, runtimeOf } from '../data-plane/runtime.ts';
import { snapshotOf } from '../operations/create-deployment.ts';
import type { Resource, RestApi, Stage } from '../store/model.ts';
import { testAnswer } from './test-answer.ts';
import { makeTestRequest, type TestInput, testContext, testIdentity } from './test-request.ts';

/** Calls a method of an API as it is now. */
export type TestInvoke = (api: RestApi, resource: Resource, input: TestInput) => Promise<TestInvokeMethodResponse>;

/** The steps of the data plane that a test goes through as a request does. */
export interface Steps {
  open(request: EdgeRequest, route: DataPlaneRoute, api: RestApi, stage: Stage): Exchange;
  /** What is done for a request once it has been let in. */
  fulfil(exchange: Exchange, runtime: Runtime, method: MethodRuntime): Promise<GatewayAnswer>;
  answerFailure(exchange: Exchange, runtime: Runtime, error: unknown): RenderedGatewayResponse;
  settle(exchange: Exchange, answer: GatewayAnswer): void;
  traceOf(exchange: Exchange, method: MethodRuntime): Record<string, string>;
}

/** A request that nobody sent is let in by nobody, and is in no metric and no log but its own. */
export function createTestInvoke(clock: Clock, steps: Steps): TestInvoke {
  return async (api, resource, input) =>
    await clock.run(`apigateway/${api.name}`, async () => {
      const { request, route, stage, headers, pathParameters } = makeTestRequest(
        input,
        api.id,
        resource.path,
        clock.now(),
      );
      const opened = steps.open(request, route, api, stage);
      const context = { ...opened.context, ...testContext(opened.path) };
      const exchange: Exchange = { ...opened, headers, pathParameters, context };
      exchange.log = new ExecutionLog(clock, context.requestId, 'INFO', true);
      exchange.body = await request.body.bytes();
      exchange.bodyText = exchange.body.toString('utf8');
      const runtime = runtimeOf({ id: '', createdDate: stage.createdDate, snapshot: snapshotOf(api) });
      const answer = await rehearse(exchange, runtime, resource);
      exchange.log.info(`Method completed with status: ${answer.status}`);
      steps.settle(exchange, answer);
      return testAnswer(exchange, answer, clock.now());
    });

  async function rehearse(exchange: Exchange, runtime: Runtime, { path }: Resource): Promise<GatewayAnswer> {
    try {
      const method = runtime.router.match(path, exchange.httpMethod)?.target;
      if (!method) throw missingAuthenticationToken();
      exchange.context.resourceId = method.resource.id;
      exchange.context.resourcePath = path;
      logRequest(exchange, method);
      exchange.context.identity = testIdentity(exchange.context.identity);
      const { status, headers, body } = await steps.fulfil(exchange, runtime, method);
      return { status, headers: { ...headers, ...steps.traceOf(exchange, method) }, body };
    } catch (error) {
      const { setBy, status, headers, body } = steps.answerFailure(exchange, runtime, error);
      // Of an answer of API Gateway's own a test is not told the content type (recorded).
      const { 'Content-Type': type = '', ...rest } = headers;
      return { status, headers: setBy === undefined ? rest : { 'Content-Type': type, ...rest }, body };
    }
  }
}
