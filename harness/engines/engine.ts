/**
 * The real servers that a testbench boots. `localstack` is whoever stands behind the endpoint: LocalStack, unless
 * `--engine aws=…` names another emulator of AWS.
 */
export type EngineName = 'localstack' | 'opensearch' | 'mysql' | 'mqtt';

/** Where an engine comes from; `inprocess` is Aedes, which runs inside the harness. */
export type EngineSource = 'native' | 'docker' | 'external' | 'inprocess';

export interface EngineContext {
  /**
   * A folder for this engine's data and logs; it is removed after the run. Empty at the first start; a server that is
   * started again in the same folder finds its data, and keeps its address where it can.
   */
  readonly dataDir: string;
  /** The per-user cache folder that set-up installs into (`NAETMUL_CACHE`). */
  readonly cacheDir: string;
  /** With true, nothing may be fetched: what is missing from the cache is an error that says so. */
  readonly offline: boolean;
  /** Called with one short sentence whenever something that takes time begins, or moves on. */
  progress(message: string): void;
  /** Called with the pid of every child process, so that a later run can clean up after `kill -9`. */
  registerChild(child: { readonly pid: number; readonly name: string }): void;
  /** Aborts a boot or an installation that is under way. */
  readonly signal: AbortSignal;
}

/** An engine that has not been started: a description, cheap to make. */
export interface Engine {
  readonly name: EngineName;
  readonly source: EngineSource;
  /** Fetches and installs what `start` needs, once per cache folder. Returns at once when it is all there. */
  setup(context: EngineContext): Promise<void>;
  /** Boots the server and resolves when it answers. Rejects with its last 50 log lines and a likely remedy. */
  start(context: EngineContext): Promise<RunningEngine>;
}

export interface RunningEngine extends AsyncDisposable {
  readonly name: EngineName;
  readonly source: EngineSource;
  /** A URL: `http://127.0.0.1:41234`, `mysql://root:secret@127.0.0.1:41235`, `mqtts://127.0.0.1:8883`. */
  readonly endpoint: string;
  /** What the server itself says it is, such as `4.9.2`, `2.19.6`, `11.4.5-MariaDB`, `MiniStack 1.5.33`. */
  readonly version: string;
  /** Which of the calls that pipelines need it did not answer as it should; only of servers that were asked. */
  readonly lacks?: readonly string[];
  /** The PEM file of the authority that the server's certificate comes from; only of servers that speak TLS. */
  readonly caFile?: string;
  /** The server's process id; undefined for an external or in-process engine, and for one in a container. */
  readonly pid: number | undefined;
  /** The id of the server's container; only of one that has a container. */
  readonly container?: string;
  /** The newest lines of the server's log, oldest first; `[]` for an external engine. */
  logs(lines?: number): Promise<readonly string[]>;
  /** Resolves once the server process has ended, whoever ended it; never for an external engine. */
  readonly exited: Promise<EngineExit>;
  /** Kills the server as a crash would; only of a server that is ours. */
  kill?(): Promise<void>;
  /**
   * Ends the server politely, then by force; idempotent. With `keepData`, what it holds outside of its folder stays for
   * a later start in the same folder; without, nothing of it is left.
   */
  stop(options?: { readonly keepData?: boolean }): Promise<void>;
}

export interface EngineExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** True when `stop()` asked for it. */
  readonly expected: boolean;
}
