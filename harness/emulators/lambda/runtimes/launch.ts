/** Where an environment runs, and what it is given besides its function. */
export interface LaunchPlace {
  /** The environment's own folder, which it may write to: `TMPDIR`. Absolute; it must exist. */
  readonly tmpDir: string;
  /** The Runtime API's `host:port`. */
  readonly runtimeApi: string;
  /** Where AWS is for the function: `http://127.0.0.1:4566`. */
  readonly edgeUrl: string;
  /** `2026/01/31/[$LATEST]0123…`. */
  readonly logStream: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
  /** Node waits for no debugger, but one can attach to this port of 127.0.0.1. */
  readonly inspectPort?: number | undefined;
  /** The file that the harness keeps the clock's time in; undefined: the machine's time. */
  readonly clockFile?: string | undefined;
  /**
   * A file descriptor of the child (3 or more) that the host reads framed log events from; undefined: lines go to
   * stdout as they are. Only runtimes with `Launch.framesLog` use it.
   */
  readonly telemetryFd?: number | undefined;
  /**
   * A folder that lives longer than one environment, where Node keeps what it compiled: a TypeScript handler starts
   * three times as fast the second time. Undefined: nothing is kept.
   */
  readonly compileCache?: string | undefined;
  /** Finds (and at the first call installs) Python's runtime client; without it Python functions are refused. */
  readonly python?: PythonRuntimeFinder | undefined;
}

/** Errors: a NaetmulError that says what is missing and how to get it. */
export type PythonRuntimeFinder = (runtime: string) => Promise<PythonRuntime>;

export interface PythonRuntime {
  /** A Python 3. */
  readonly executable: string;
  /** The folder that has `awslambdaric`, for `PYTHONPATH`. */
  readonly packages: string;
  /** Such as `3.12.4`. */
  readonly version: string;
}

/** What to spawn: `spawn(command, args, { env, cwd, … })`. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment; nothing of the harness's own is to be added. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** True when the child writes framed log events to `LaunchPlace.telemetryFd`, besides stray lines on stdout. */
  readonly framesLog: boolean;
  /**
   * Which time the child sees, and `Lambda-Runtime-Deadline-Ms` must be on: true the clock's (`context.clock.now()` plus
   * the time-out), false the machine's.
   */
  readonly followsClock: boolean;
}
