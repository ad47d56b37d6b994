import type { Clock, Random } from '../clock/index.ts';
import { AwsError } from './aws-error.ts';
import { ClientGone } from './body.ts';
import type { CustomDomains, Emulator, Log } from './emulator.ts';
import { isTrustedOrigin, refusal } from './guard.ts';
import { causeOf, INTERNAL_HEADERS } from './headers.ts';
import { health } from './health.ts';
import { BodyTooLarge, type EdgeRequest, type EdgeResponse } from './http.ts';
import { ConnectionReset, type Interceptor, intercept, type Subject } from './interceptor.ts';
import type { PassThrough } from './pass-through.ts';
import { speaksAwsCbor } from './protocols/cbor.ts';
import { type ErrorStyle, errorResponse, errorStyle, speaksCbor } from './protocols/errors.ts';
import { jsonProtocol } from './protocols/json.ts';
import type { FoundOperation, Protocol } from './protocols/protocol.ts';
import { queryError, queryOperations, queryProtocol, speaksQuery } from './protocols/query.ts';
import { queryCompatibleError } from './protocols/query-compatible.ts';
import { wantsJson } from './protocols/query-json.ts';
import { restJsonProtocol } from './protocols/rest-json.ts';
import { type Route, type RoutedRequest, route, type Scope, splitTarget } from './route.ts';

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly defaults: { readonly region: string; readonly accountId: string };
  readonly publicHostNames: readonly string[];
  readonly passThrough: PassThrough;
}

/** An emulator and the ways to speak with it. */
interface Registered {
  readonly emulator: Emulator;
  readonly protocol: Protocol;
  /** Finds an operation called by a form; services of JSON answer those, too. */
  readonly findByForm: ((request: EdgeRequest) => Promise<FoundOperation>) | undefined;
}

export type ControlHandler = (request: EdgeRequest, path: string) => Promise<EdgeResponse>;

/** Decides whose a request is and has it answered. */
export class Dispatcher {
  readonly interceptors: Interceptor[] = [];
  readonly #options: DispatcherOptions;
  readonly #emulators = new Map<string, Registered>();
  readonly #targets = new Map<string, string>();
  readonly #services = new Set<string>();
  /** The services whose operations are not loaded yet, and what loads them. */
  readonly #unloaded = new Map<string, () => Promise<void>>();
  #control: ControlHandler | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  register(emulator: Emulator): void {
    const { service } = emulator;
    if (this.#services.has(service)) throw new Error(`An emulator of ${service} is registered already.`);
    this.#services.add(service);
    this.#speak(emulator);
    let loading: Promise<void> | undefined;
    const load = async () => {
      const operations = await emulator.loadOperations?.();
      this.#speak({ ...emulator, operations: operations ?? [] });
      this.#unloaded.delete(service);
    };
    if (emulator.loadOperations) {
      this.#unloaded.set(service, () => {
        loading ??= load();
        return loading;
      });
    }
  }

  #speak(emulator: Emulator): void {
    const { service, protocol } = emulator;
    if (protocol.kind === 'json') {
      this.#targets.set(protocol.targetPrefix, service);
      const spoken = jsonProtocol(emulator, protocol.version, protocol.targetPrefix);
      this.#emulators.set(service, { emulator, protocol: spoken, findByForm: queryOperations(emulator) });
    } else if (protocol.kind === 'query') {
      this.#emulators.set(service, { emulator, protocol: queryProtocol(), findByForm: queryOperations(emulator) });
    } else {
      this.#emulators.set(service, { emulator, protocol: restJsonProtocol(emulator), findByForm: undefined });
    }
  }

  setControl(handler: ControlHandler): void {
    this.#control = handler;
  }

  route(request: RoutedRequest): Route {
    return route(request, this.#targets, this.#services, (host) => this.#customDomains?.has(host) ?? false);
  }

  get #customDomains(): CustomDomains | undefined {
    return this.#emulators.get('apigateway')?.emulator.dataPlane?.customDomains;
  }

  emulates(service: string): boolean {
    return this.#services.has(service);
  }

  /** Whether input and output of the service's operations can be handed over as they are. */
  handsOver(service: string): boolean {
    const found = this.#emulators.get(service);
    return found?.emulator.protocol.kind === 'json' && this.interceptors.length === 0;
  }

  /** True when an emulator of ours answers. */
  plays(known: Route): boolean {
    return known.kind === 'service' && known.service !== undefined && this.emulates(known.service);
  }

  /** Answers a request. Rejects only with what means that there is no answer: a reset, or a client that went away. */
  async dispatch(request: EdgeRequest, known = this.route(request)): Promise<EdgeResponse> {
    try {
      if (!request.internal) {
        const reason = refusal(request.headers, known, this.#options.publicHostNames);
        if (reason !== undefined) throw new AwsError('AccessDenied', reason, 403);
      }
      if (known.kind === 'control') return await this.#controlled(request, known.path);
      const load = known.kind === 'service' && this.#unloaded.get(known.service ?? '');
      if (load) await load();
      if (this.interceptors.length === 0) return await this.#answer(request, known);
      // What stands in between reads and changes text.
      const told = request.takesOutput ? { ...request, takesOutput: false } : request;
      return await intercept(this.interceptors, told, this.#subject(told, known), (given) =>
        this.#answer(given, known),
      );
    } catch (error) {
      return this.#failure(request, known, error);
    }
  }

  async #answer(request: EdgeRequest, known: Route): Promise<EdgeResponse> {
    if (known.kind === 'health') {
      return await health(request, [...this.#services], (given) => this.#forward(given, known));
    }
    if (known.kind === 'execute-api') {
      const dataPlane = this.#emulators.get('apigateway')?.emulator.dataPlane;
      return dataPlane ? await dataPlane.handle(request, known.api) : await this.#forward(request, known);
    }
    if (known.kind === 'custom-domain') {
      const domains = this.#customDomains;
      if (!domains) throw new AwsError('ForbiddenException', 'Forbidden', 403);
      return await domains.handle(request, known.domain);
    }
    if (known.kind === 'es-domain') {
      const domains = this.#emulators.get('es')?.emulator.domains;
      if (!domains) return await this.#forward(request, known);
      return await domains.handle(request, known.domain, known.scope && this.#accountOf(known.scope));
    }
    if (known.kind === 'service' && known.service !== undefined) {
      const found = this.#emulators.get(known.service);
      // A browser asks beforehand whether it may call; the question names no operation.
      if (found && request.method !== 'OPTIONS') {
        return this.#forPage(request, await this.#callEmulator(request, found, known.scope));
      }
    }
    return await this.#forward(request, known);
  }

  async #callEmulator(request: EdgeRequest, registered: Registered, scope: Scope | undefined): Promise<EdgeResponse> {
    const { random, defaults, log } = this.#options;
    const { emulator, protocol, findByForm } = registered;
    const { service } = emulator;
    const requestId = random.uuid();
    const style = callStyle(request, registered);
    try {
      if (style === 'cbor') {
        throw new AwsError('SerializationException', `naetmul reads requests to ${service} as JSON, not as CBOR.`, 415);
      }
      const operation = style === 'query' ? await findByForm?.(request) : protocol.find(request);
      if (!operation) {
        const message = `naetmul does not support ${protocol.nameOf(request)} of ${service}.`;
        throw new AwsError('UnknownOperationException', message, style === 'json' || style === 'aws-cbor' ? 400 : 404);
      }
      return await operation.call({
        requestId,
        region: scope?.region ?? defaults.region,
        accountId: this.#accountOf(scope),
        request,
      });
    } catch (error) {
      if (meansNoAnswer(error)) throw error;
      const failed = asAwsError(error, `A call of ${service}`, log);
      if (style === 'json' && emulator.protocol.kind === 'json' && emulator.protocol.queryCompatible) {
        return queryCompatibleError(emulator, failed, requestId, request);
      }
      if (style !== 'query') return errorResponse(style, failed, requestId);
      const told = wantsJson(request.headers) ? 'query-json' : style;
      return errorResponse(told, queryError(emulator, failed), requestId);
    }
  }

  /** An access key id of twelve digits is an account's, as for LocalStack. */
  #accountOf(scope: Scope | undefined): string {
    const id = scope?.accessKeyId ?? '';
    return /^\d{12}$/.test(id) ? id : this.#options.defaults.accountId;
  }

  #forward(request: EdgeRequest, known: Route): Promise<EdgeResponse> {
    const scope = known.kind === 'service' ? known.scope : undefined;
    return this.#options.passThrough.forward({
      request,
      route: known,
      service: known.kind === 'service' ? known.service : undefined,
      scope,
      cause: causeOf(request),
      writesOwnEntries: request.headers[INTERNAL_HEADERS.observed] === 'no',
    });
  }

  async #controlled(request: EdgeRequest, path: string): Promise<EdgeResponse> {
    if (!this.#control) throw new AwsError('NotFound', `There is nothing at /_naetmul${path}.`, 404);
    return await this.#control(request, path);
  }

  /** Lets a local page read what an emulator answers, as LocalStack does for its own answers. */
  #forPage(request: EdgeRequest, response: EdgeResponse): EdgeResponse {
    const { origin, host } = request.headers;
    if (origin === undefined || !isTrustedOrigin(origin, host, this.#options.publicHostNames)) return response;
    const cors = { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': '*', Vary: 'Origin' };
    return { ...response, headers: { ...response.headers, ...cors } };
  }

  #subject(request: EdgeRequest, known: Route): Subject {
    if (known.kind !== 'service') {
      return { route: known, service: DATA_PLANES[known.kind], operation: undefined };
    }
    return { route: known, service: known.service, operation: this.#operationOf(request, known) };
  }

  #operationOf(request: EdgeRequest, known: Route): string | undefined {
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') return target.slice(target.lastIndexOf('.') + 1);
    if (known.kind !== 'service') return undefined;
    const found = known.service === undefined ? undefined : this.#emulators.get(known.service)?.protocol.find(request);
    if (found) return found.name;
    return /(?:^|&)Action=([A-Za-z0-9]+)/.exec(splitTarget(request.target).query)?.[1];
  }

  #failure(request: EdgeRequest, known: Route, error: unknown): EdgeResponse {
    if (meansNoAnswer(error)) throw error;
    const { random, log } = this.#options;
    const failed = asAwsError(error, `${request.method} ${splitTarget(request.target).path}`, log);
    return this.#forPage(request, errorResponse(errorStyle(request, known), failed, random.uuid()));
  }
}

/** The signing names of what has a data plane at the edge. */
const DATA_PLANES: Partial<Record<Route['kind'], string>> = {
  'execute-api': 'execute-api',
  'custom-domain': 'execute-api',
  'es-domain': 'es',
};

function callStyle(request: EdgeRequest, { emulator, protocol, findByForm }: Registered): ErrorStyle {
  if (speaksAwsCbor(request.headers) && emulator.protocol.kind === 'json') return 'aws-cbor';
  if (speaksCbor(request.headers)) return 'cbor';
  return findByForm && request.headers['x-amz-target'] === undefined && speaksQuery(request)
    ? 'query'
    : protocol.errorStyle;
}

function meansNoAnswer(error: unknown): boolean {
  return error instanceof ConnectionReset || error instanceof ClientGone;
}

/** AWS's answer to an error; one that is not AWS's is ours, and is written down. */
function asAwsError(error: unknown, what: string, log: Log): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof BodyTooLarge) return new AwsError('RequestEntityTooLargeException', error.message, 413);
  log.error(`${what} failed.`, error);
  return new AwsError('InternalFailure', 'The request failed inside naetmul; its log says why.', 500);
}
