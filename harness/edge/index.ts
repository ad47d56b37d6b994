import type { Clock, Lock, Random } from '../clock/index.ts';
import type { Ledger } from '../ledger/index.ts';
import { createAwsAccess } from './access.ts';
import { type ControlHandler, Dispatcher } from './dispatcher.ts';
import type { AwsAccess, Emulator, Log, TlsNames } from './emulator.ts';
import { refusal } from './guard.ts';
import type { EdgeRequest, EdgeResponse } from './http.ts';
import type { Interceptor } from './interceptor.ts';
import { isLongPoll } from './long-poll.ts';
import { kinesisObserver } from './observers/kinesis.ts';
import type { PassThroughObserver } from './observers/observer.ts';
import { s3Observer } from './observers/s3.ts';
import { PassThrough } from './pass-through.ts';
import { splitTarget } from './route.ts';
import { createHttpServer, type UpgradeHandler } from './server.ts';
import type { MetricSink } from './sinks.ts';
import { type TlsAddress, TlsFront, type TlsOptions } from './tls/front.ts';

export { AwsError } from './aws-error.ts';
export type { ControlHandler } from './dispatcher.ts';
export { type CallNotes, causeOf, INTERNAL_HEADERS, withNotes } from './headers.ts';
export { ConnectionReset, type Interceptor, type Subject } from './interceptor.ts';
export { kinesisObserver } from './observers/kinesis.ts';
export type { PassedCall, PassedOutcome, PassThroughObserver } from './observers/observer.ts';
export { s3Observer } from './observers/s3.ts';
export type { UpgradeHandler } from './server.ts';
export type { TlsAddress, TlsOptions } from './tls/front.ts';

export interface EdgeOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: Ledger;
  readonly log: Log;
  readonly defaults: { readonly region: string; readonly accountId: string };
  /** The address to bind. Default: `127.0.0.1`. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** LocalStack's base URL, asked for at each request; undefined while it is away. */
  readonly upstream: () => string | undefined;
  /** Further names (and all names below them) that requests may be for, and whose pages may call. */
  readonly publicHostNames?: readonly string[];
  /** Who listens on a port, for the error `PORT_TAKEN`: `java (pid 4711)`. */
  readonly describePortOwner?: (port: number) => Promise<string | undefined>;
  /** Counts what passes to Kinesis as CloudWatch would. */
  readonly metrics?: MetricSink;
  /** For custom domain names; without it they answer over plain HTTP only. */
  readonly tls?: TlsOptions;
}

export interface Edge {
  /** Opens the port. Throws NaetmulError PORT_TAKEN, PORT_FORBIDDEN or LISTEN_FAILED. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Lets requests under way finish for some seconds, then ends every connection. */
  close(): Promise<void>;
  /** From now on requests to the emulator's service go to it instead of LocalStack. */
  register(emulator: Emulator): void;
  /** What emulators get as `context.aws`. */
  readonly access: AwsAccess;
  /** What emulators open the port for TLS with; undefined where the edge was made without. */
  readonly tlsNames: TlsNames | undefined;
  /** The port for TLS; undefined until there is a name to answer to. */
  tlsAddress(): TlsAddress | undefined;
  /** Answers one request without a connection; rejects with `ConnectionReset` where a connection would be destroyed. */
  dispatch(request: EdgeRequest): Promise<EdgeResponse>;
  /** Who answers what is under `/_naetmul/`; `path` is what follows `/_naetmul`, without the query. */
  setControl(handler: ControlHandler): void;
  /** Who takes over connections for WebSocket at this path. Returns the way to take it off again. */
  onUpgrade(path: string, handler: UpgradeHandler): () => void;
  /** Adds to those who see what passes to LocalStack. Returns the way to take it off again. */
  onPassThrough(observer: PassThroughObserver): () => void;
  /** The place for faults: see `Interceptor`. The first one added is outermost. Returns the way to take it off again. */
  use(interceptor: Interceptor): () => void;
}

/** Makes the one AWS endpoint. It answers in the process at once, and from outside after `listen`. */
export function createEdge(options: EdgeOptions): Edge {
  const { clock, ledger, log, defaults, host = '127.0.0.1', metrics } = options;
  const passThrough = new PassThrough({ upstream: options.upstream, clock, log });
  passThrough.observers.push(kinesisObserver({ ledger, ...(metrics ? { metrics } : {}) }), s3Observer({ ledger }));
  const dispatcher = new Dispatcher({
    clock,
    random: options.random.fork('edge'),
    log,
    defaults,
    publicHostNames: options.publicHostNames ?? [],
    passThrough,
  });
  const dispatch = (request: EdgeRequest) => dispatcher.dispatch(request);
  const locks = new WeakMap<EdgeRequest, Lock>();
  const upgrades = new Map<string, UpgradeHandler>();

  const server = createHttpServer({
    now: () => clock.now(),
    describePortOwner: options.describePortOwner,
    upgradeOf({ method = 'GET', url: target = '/', headers }) {
      const handler = upgrades.get(splitTarget(target).path);
      if (!handler) return undefined;
      const route = dispatcher.route({ method, target, headers });
      // Whoever must not ask is answered as with any other request.
      const allowed = route.kind === 'service' && refusal(headers, route, options.publicHostNames ?? []) === undefined;
      return allowed ? handler : undefined;
    },
    finished: (request) => locks.get(request)?.release(),
    unwritable: (request, error) => log.error(`The answer to ${request.method} ${request.target} is no HTTP.`, error),
    async handle(request) {
      const route = dispatcher.route(request);
      if (route.kind === 'control') return await dispatcher.dispatch(request, route);
      // Virtual time waits for what is asked from outside; inside, whoever asks holds a lock already.
      const operation = request.headers['x-amz-target'] ?? splitTarget(request.target).path;
      const lock = clock.lock(`${request.method} ${operation}`);
      locks.set(request, lock);
      // An emulator that has to wait gives up the lock for as long as it waits; LocalStack cannot.
      if (!dispatcher.plays(route) && (await isLongPoll(request, route))) {
        lock.release();
        locks.delete(request);
        return await dispatcher.dispatch(request, route);
      }
      return await dispatcher.dispatch(Object.assign(request, { lock }), route);
    },
  });

  const { tls, describePortOwner } = options;
  const front = tls && new TlsFront({ ...tls, describePortOwner, accept: server.accept });

  let url = `http://127.0.0.1:${options.port}`;
  return {
    async listen() {
      const port = await server.listen(host, options.port);
      const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
      url = `http://${name}:${port}`;
      return { url, port };
    },
    async close() {
      await Promise.all([server.close(), front?.close()]);
      passThrough.close();
    },
    register: (emulator) => dispatcher.register(emulator),
    access: createAwsAccess({
      dispatch,
      url: () => url,
      emulates: (service) => dispatcher.emulates(service),
      handsOver: (service) => dispatcher.handsOver(service),
      clock,
      defaultRegion: defaults.region,
    }),
    tlsNames: front,
    tlsAddress: () => front?.address,
    dispatch,
    setControl: (handler) => dispatcher.setControl(handler),
    onUpgrade(path, handler) {
      if (upgrades.has(path)) throw new Error(`Connections at ${path} are taken over by somebody else.`);
      upgrades.set(path, handler);
      return () => void upgrades.delete(path);
    },
    onPassThrough: (observer) => added(passThrough.observers, observer),
    use: (interceptor) => added(dispatcher.interceptors, interceptor),
  };
}

function added<T>(list: T[], item: T): () => void {
  list.push(item);
  return () => {
    const at = list.indexOf(item);
    if (at >= 0) list.splice(at, 1);
  };
}
