import { once } from 'node:events';
import { constants } from 'node:os';
import type { ContainerRuntimeClient } from 'testcontainers';
import { machine } from '../../clock/machine.ts';
import type { NaetmulError } from '../../errors.ts';
import type { EngineExit } from '../engine.ts';
import { LogTail } from '../log-tail.ts';
import { LOG_LINES_IN_ERROR, notStarted } from '../process.ts';
import { type Container, listContainers, removeContainer } from './containers.ts';
import { dockerTrouble } from './trouble.ts';

/** Pause between two looks at whether a server answers, in milliseconds. */
const PROBE_INTERVAL_MS = 50;
/** A shell's way to say by which signal a program ended, which Docker has as well. */
const SIGNAL_BASE = 128;
/** How long the last log lines are waited for, in milliseconds. */
const LAST_LINES_MS = 500;

export interface ReadyOptions {
  /** The name that messages call it by, such as `OpenSearch`. */
  readonly title: string;
  readonly tail: LogTail;
  readonly signal: AbortSignal;
  readonly readyWithinMs: number;
  /** Resolves to true once the server answers; a throw counts as "not yet". */
  answers(signal: AbortSignal): Promise<boolean>;
}

/**
 * Resolves when the server in a container that was just started answers.
 * Errors: `SERVER_NOT_STARTED` with its last 50 log lines; the signal's reason when aborted.
 */
export async function untilAnswers(container: Container, options: ReadyOptions): Promise<void> {
  const { title, tail, signal, readyWithinMs, answers } = options;
  const failure = (what: string) => notStarted(what, tail.last(LOG_LINES_IN_ERROR));
  const deadline = machine.monotonic() + readyWithinMs;
  const watch = new AbortController();
  let end: number | null | undefined;
  const ended = untilEnded(container, watch.signal).then((code) => {
    end = code;
  });
  try {
    while (end === undefined) {
      signal.throwIfAborted();
      if (await answers(signal).catch(() => false)) return;
      if (machine.monotonic() > deadline) throw failure(`${title} did not answer within ${readyWithinMs / 1000} s.`);
      await Promise.race([machine.sleep(PROBE_INTERVAL_MS), ended]);
    }
  } finally {
    watch.abort();
  }
  await machine.sleep(LAST_LINES_MS);
  throw failure(`${title} ended while it was starting (${await describeEnd(container, end)}).`);
}

/**
 * Why a container that carries these labels did not start. testcontainers says of one that ended at once that it opened
 * no port; what it printed says more.
 */
export async function explain(
  daemon: ContainerRuntimeClient,
  labels: readonly string[],
  title: string,
  error: unknown,
): Promise<NaetmulError> {
  const trouble = dockerTrouble(`The container of ${title} cannot be started`, error);
  if (trouble.code !== 'DOCKER_FAILED') return trouble;
  try {
    for (const { id } of await listContainers(daemon, labels)) {
      const container = daemon.container.getById(id);
      const { State } = await container.inspect();
      if (State.Status !== 'exited') continue;
      const tail = new LogTail();
      const log = await daemon.container.logs(container, { tail: LOG_LINES_IN_ERROR });
      tail.follow(log);
      await Promise.race([once(log, 'end'), machine.sleep(LAST_LINES_MS)]);
      const how = await describeEnd(container, State.ExitCode);
      return notStarted(`${title} ended while it was starting (${how}).`, tail.last(LOG_LINES_IN_ERROR));
    }
  } catch {
    // Then it stays with what is known.
  }
  return trouble;
}

async function describeEnd(container: Container, code: number | null): Promise<string> {
  const killed = await container.inspect().then(
    ({ State }) => State.OOMKilled,
    () => false,
  );
  return killed ? 'Docker had no memory left for it' : code === null ? 'its container is gone' : `exit code ${code}`;
}

/**
 * The exit code of what runs in the container; null when nobody can say, since it or the daemon is gone, or when the
 * signal ended the watch.
 */
async function untilEnded(container: Container, abortSignal: AbortSignal): Promise<number | null> {
  for (;;) {
    try {
      const { StatusCode } = (await container.wait({ abortSignal })) as { readonly StatusCode: number };
      return StatusCode;
    } catch {
      if (abortSignal.aborted) return null;
      // The connection was lost, which need not mean that the container is.
      const state = await container.inspect().then(
        ({ State }) => State,
        () => undefined,
      );
      if (state === undefined) return null;
      if (!state.Running) return state.ExitCode;
      await machine.sleep(PROBE_INTERVAL_MS);
    }
  }
}

/** A container that runs, from the first answer of its server to its end. A container started again is a new one of these. */
export class ServerContainer {
  readonly id: string;
  readonly exited: Promise<EngineExit>;
  readonly #daemon: ContainerRuntimeClient;
  readonly #container: Container;
  readonly #tail: LogTail;
  readonly #stopWithinMs: number;
  readonly #watch = new AbortController();
  #asked = false;

  constructor(
    daemon: ContainerRuntimeClient,
    id: string,
    options: { readonly tail: LogTail; readonly stopWithinMs: number },
  ) {
    this.id = id;
    this.#daemon = daemon;
    this.#container = daemon.container.getById(id);
    this.#tail = options.tail;
    this.#stopWithinMs = options.stopWithinMs;
    this.exited = untilEnded(this.#container, this.#watch.signal).then((code) => ({
      ...exitOf(code),
      expected: this.#asked,
    }));
  }

  /** The newest lines that the server printed, oldest first. */
  logs(lines = 200): readonly string[] {
    return this.#tail.last(lines);
  }

  async kill(): Promise<void> {
    await this.#container.kill({ signal: 'SIGKILL' });
  }

  /** SIGTERM, then SIGKILL; the container stays as it is. */
  async stop(): Promise<void> {
    this.#asked = true;
    await this.#daemon.container.stop(this.#container, { timeout: this.#stopWithinMs });
    await this.exited;
  }

  /** Leaves the container running, and looks at it no more. */
  async leave(): Promise<void> {
    this.#asked = true;
    this.#watch.abort();
    await this.exited;
  }

  /** Takes the container away with all that is in it. Idempotent. */
  async remove(): Promise<void> {
    this.#asked = true;
    await removeContainer(this.#daemon, this.id);
    await this.exited;
  }
}

/** `docker kill` is exit code 137: 128 and SIGKILL. */
export function exitOf(code: number | null): Pick<EngineExit, 'code' | 'signal'> {
  const number = code === null ? 0 : code - SIGNAL_BASE;
  const signal = Object.entries(constants.signals).find(([, value]) => value === number)?.[0];
  return signal === undefined ? { code, signal: null } : { code: null, signal: signal as NodeJS.Signals };
}
