import type { DataPlane, DataPlaneRoute, EmulatorContext } from '../../../edge/emulator.ts';
import type { EdgeRequest, EdgeResponse } from '../../../edge/http.ts';
import type { LogSink, MetricSink } from '../../../edge/sinks.ts';
import type { Faults } from '../../../faults/index.ts';
import { ids } from '../../../ledger/index.ts';
import type { Authorizers } from '../access/authorizers.ts';
import { createCustomDomains } from '../domain-names/custom-domains.ts';
import type { Visit } from '../domain-names/visit.ts';
import { shown } from '../integrations/call.ts';
import { isUnreachable } from '../integrations/failures.ts';
import { createIntegrations } from '../integrations/index.ts';
import { newExtendedRequestId, newTraceRoot } from '../store/ids.ts';
import type { MethodSettings, RestApi, Stage } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import { createTestInvoke, type TestInvoke } from '../test-invoke/test-invoke.ts';
import { logEnd, logFailure } from './closing-lines.ts';
import { compress } from './compression.ts';
import { contextVariables } from './context-variables.ts';
import type { Exchange, GatewayAnswer } from './exchange.ts';
import { javaMap } from './execution-log.ts';
import { strikeAnswer } from './faults.ts';
import { createGates, type Gate } from './gates.ts';
import { forbidden, GatewayFailure, missingAuthenticationToken, untrustedClient } from './gateway-failure.ts';
import { type RenderedGatewayResponse, renderGatewayResponse } from './gateway-response.ts';
import { Metrics } from './metrics.ts';
import { logRequest, openExecutionLog } from './opening-lines.ts';
import { Outlets } from './outlets.ts';
import { readHeaders, readQuery, traceRootOf } from './request.ts';
import { readBody } from './request-body.ts';
import { refuseHead } from './request-head.ts';
import { type MethodRuntime, type Runtime, runtimeOf } from './runtime.ts';
import { bodyArrived } from './slow-body.ts';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NO_BODY = Buffer.alloc(0);
const NO_SETTINGS: MethodSettings = { metricsEnabled: false, dataTraceEnabled: false };

export interface Sinks {
  readonly metrics: MetricSink;
  readonly logs: LogSink;
}

export interface DataPlaneParts extends Sinks {
  readonly authorizers: Authorizers;
  readonly faults?: Faults | undefined;
}

export interface ClosableDataPlane extends DataPlane {
  readonly testInvoke: TestInvoke;
  /** Forgets what it has not told anyone yet, and what is under way. */
  clear(): void;
  /** Besides, ends its connections to backends. */
  close(): void;
}

/** Serves what is deployed. A request passes one step after the other; any of them may end it with a `GatewayFailure`. */
export function createDataPlane(context: EmulatorContext, store: Store, parts: DataPlaneParts): ClosableDataPlane {
  const { clock, random, ledger } = context;
  const integrations = createIntegrations(context);
  const gates = createGates(context, store, parts.authorizers);
  const outlets = new Outlets(context, parts.logs, new Metrics(parts.metrics));

  async function handle(request: EdgeRequest, route: DataPlaneRoute): Promise<EdgeResponse> {
    if (store.apis.get(route.apiId)?.disableExecuteApiEndpoint) return answerStranger(request);
    return await reach(request, route, undefined);
  }

  async function reach(request: EdgeRequest, route: DataPlaneRoute, visit: Visit | undefined): Promise<EdgeResponse> {
    const api = store.apis.get(route.apiId);
    const stage = api?.stages.get(route.stage);
    const deployment = stage && api?.deployments.get(stage.deploymentId);
    if (!api || !stage || !deployment) return answerStranger(request);
    const refused = refuseHead(request, route, api, visit);
    if (refused) return refused;
    const { epoch } = outlets;
    await bodyArrived(request);
    const where = `apigateway/${api.name}`;
    const fault = parts.faults?.strike(where);
    const work = () => serve(open(request, route, api, stage, visit), runtimeOf(deployment), epoch);
    const answer = await clock.run(where, work);
    await strikeAnswer(fault, request);
    return answer;
  }

  /** The answer where there is no API to ask what it should be. */
  function answerStranger(request: EdgeRequest): EdgeResponse {
    const failure = forbidden();
    return {
      status: failure.status,
      headers: {
        'Content-Type': 'application/json',
        'x-amzn-RequestId': requestIdOf(request),
        'x-amzn-ErrorType': failure.errorType,
        'x-amz-apigw-id': newExtendedRequestId(random),
      },
      body: JSON.stringify({ message: failure.message }),
    };
  }

  function requestIdOf(request: EdgeRequest): string {
    const given = request.headers['x-amzn-requestid'];
    return typeof given === 'string' && UUID.test(given) ? given : random.uuid();
  }

  async function serve(exchange: Exchange, runtime: Runtime, epoch: number): Promise<EdgeResponse> {
    const { stage, visit } = exchange;
    const { requestId, extendedRequestId } = exchange.context;
    let answer: GatewayAnswer;
    let detailedMetrics = false;
    let method: MethodRuntime | undefined;
    try {
      if (visit?.denied !== undefined) throw denied(exchange, runtime, visit.denied);
      exchange.body = await readBody(exchange.request);
      exchange.bodyText = exchange.body.toString('utf8');
      method = resolve(exchange, runtime);
      const settings = settingsOf(stage, method);
      detailedMetrics = settings.metricsEnabled;
      exchange.log = openExecutionLog(clock, exchange, settings);
      await passAll(gates.admission, exchange, method, runtime);
      logRequest(exchange, method);
      answer = await fulfil(exchange, runtime, method);
      answer = await compress(answer, exchange.request, runtime.snapshot.minimumCompressionSize);
    } catch (error) {
      answer = answerFailure(exchange, runtime, error);
    }
    const headers = {
      'x-amzn-RequestId': requestId,
      'x-amz-apigw-id': extendedRequestId,
      ...answer.headers,
      ...(exchange.failure ? {} : traceOf(exchange, method)),
    };
    logEnd(exchange, answer);
    settle(exchange, answer);
    outlets.finish(exchange, answer, detailedMetrics ? method : undefined, epoch);
    return { status: answer.status, headers, body: answer.body };
  }

  async function fulfil(exchange: Exchange, runtime: Runtime, method: MethodRuntime): Promise<GatewayAnswer> {
    await passAll(gates.validation, exchange, method, runtime);
    const answer = await integrate(exchange, method);
    exchange.log?.info('Successfully completed execution');
    return answer;
  }

  function open(
    request: EdgeRequest,
    route: DataPlaneRoute,
    api: RestApi,
    stage: Stage,
    visit?: Visit | undefined,
  ): Exchange {
    const now = clock.now();
    const requestId = requestIdOf(request);
    const traceRoot = traceRootOf(request, () => newTraceRoot(random, now));
    const override = request.headers['x-http-method-override'];
    const httpMethod = typeof override === 'string' && override !== '' ? override.toUpperCase() : request.method;
    const received = ledger.append({
      where: `apigateway/${api.name}`,
      what: 'received',
      ids: [ids.request(requestId)],
      detail: { method: httpMethod, path: route.path, stage: stage.stageName },
    });
    return {
      request,
      api,
      stage,
      receivedAt: now,
      received,
      traceRoot,
      httpMethod,
      path: route.path,
      visit,
      query: readQuery(route.query),
      headers: readHeaders(request, traceRoot, api.endpointType),
      context: contextVariables({
        api,
        stage,
        request,
        httpMethod,
        path: route.path,
        requestId,
        extendedRequestId: newExtendedRequestId(random),
        region: api.region,
        visit,
        now,
      }),
      usageIdentifierKey: undefined,
      pathParameters: {},
      stageVariables: stage.variables,
      body: NO_BODY,
      bodyText: '',
      log: undefined,
      phases: {},
      integrationType: undefined,
      integrationLatencyMs: undefined,
      integrationStatus: undefined,
      failure: undefined,
      settled: false,
    };
  }

  /** Whoever is not trusted is told nothing about the API; the log says why. */
  function denied(exchange: Exchange, runtime: Runtime, reason: string): GatewayFailure {
    const { stage, path, httpMethod } = exchange;
    const method = runtime.router.match(path, httpMethod)?.target;
    const settings = method ? settingsOf(stage, method) : (stage.methodSettings.get('*/*') ?? NO_SETTINGS);
    exchange.log = openExecutionLog(clock, exchange, settings);
    exchange.log?.error(`Access denied. Reason: ${reason}`);
    return untrustedClient();
  }

  function resolve(exchange: Exchange, runtime: Runtime): MethodRuntime {
    const match = runtime.router.match(exchange.path, exchange.httpMethod);
    if (!match) throw missingAuthenticationToken();
    exchange.pathParameters = match.pathParameters;
    exchange.context.resourceId = match.target.resource.id;
    exchange.context.resourcePath = match.target.resource.path;
    return match.target;
  }

  function settingsOf(stage: Stage, method: MethodRuntime): MethodSettings {
    return stage.methodSettings.get(method.settingsKey) ?? stage.methodSettings.get('*/*') ?? NO_SETTINGS;
  }

  async function integrate(exchange: Exchange, method: MethodRuntime): Promise<GatewayAnswer> {
    const { log } = exchange;
    const { type } = method.integration;
    exchange.integrationType = type;
    const answer = await integrations.byType[type].answer(exchange, method);
    const headers = () => headersOf({ ...traceOf(exchange, method), ...answer.headers });
    log?.trace(() => `Method response body after transformations: ${shown(answer.body)}`);
    log?.trace(() => `Method response headers: ${javaMap(headers())}`);
    return answer;
  }

  function answerFailure(exchange: Exchange, runtime: Runtime, error: unknown): RenderedGatewayResponse {
    if (!(error instanceof GatewayFailure)) {
      if (exchange.request.signal.aborted) throw error;
      context.log.error(`The API "${exchange.api.name}" could not answer a request`, error);
    }
    const failure =
      error instanceof GatewayFailure
        ? error
        : new GatewayFailure(
            'DEFAULT_5XX',
            500,
            'InternalFailureException',
            'Internal server error',
            'an internal error',
          );
    const rendered = renderGatewayResponse(failure, runtime.gatewayResponses, exchange);
    noteUnknown(exchange, error);
    exchange.failure = failure;
    if (exchange.log) logFailure(exchange.log, failure, rendered);
    return rendered;
  }

  /** After a time-out or a lost answer the caller cannot know what became of the request. */
  function noteUnknown(exchange: Exchange, error: unknown): void {
    if (!(error instanceof GatewayFailure)) return;
    const lost = isUnreachable(error) && error.outcomeUnknown;
    if (!lost && error.type !== 'INTEGRATION_TIMEOUT') return;
    note(exchange, 'unknown', { status: error.status, reason: error.logged });
  }

  function settle(exchange: Exchange, answer: GatewayAnswer): void {
    if (answer.status >= 400) note(exchange, 'refused', { status: answer.status });
  }

  function note(exchange: Exchange, what: 'refused' | 'unknown', detail: Record<string, unknown>): void {
    if (exchange.settled) return;
    exchange.settled = true;
    ledger.append({
      where: `apigateway/${exchange.api.name}`,
      what,
      ids: [ids.request(exchange.context.requestId)],
      cause: exchange.received,
      detail,
    });
  }

  return {
    handle,
    testInvoke: createTestInvoke(clock, { open, fulfil, answerFailure, settle, traceOf }),
    customDomains: createCustomDomains({ clock, registry: store.domains, reach, answerStranger }),
    clear: () => outlets.clear(),
    close() {
      outlets.clear();
      integrations.close();
    },
  };
}

/** Backends behind HTTP_PROXY answer with a trace of their own, and MOCK has nothing to be traced. */
function traceOf({ traceRoot }: Exchange, method: MethodRuntime | undefined): Record<string, string> {
  const type = method?.integration.type;
  return type === 'MOCK' || type === 'HTTP_PROXY' ? {} : { 'X-Amzn-Trace-Id': `Root=${traceRoot}` };
}

/** Each value of a header by itself. */
function headersOf(headers: GatewayAnswer['headers']): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one]));
}

/** Waits for none that does not ask to be waited for. */
async function passAll(
  gates: readonly Gate[],
  exchange: Exchange,
  method: MethodRuntime,
  runtime: Runtime,
): Promise<void> {
  for (const gate of gates) {
    const passing = gate.pass(exchange, method, runtime);
    if (passing !== undefined) await passing;
  }
}
