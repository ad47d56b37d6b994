import { NaetmulError } from '../errors.ts';
import type { Engine, EngineName, RunningEngine } from './engine.ts';

/** Something outside went wrong with a server that the user gave the address of. */
export function externalUnreachable(engine: EngineName, address: string, cause: unknown): NaetmulError {
  const why = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
  return new NaetmulError(
    'EXTERNAL_UNREACHABLE',
    `The ${engine} at ${withoutPassword(address)} does not answer: ${why}`,
    {
      remedy: `Start it, or correct --engine ${engine}=….`,
      cause,
    },
  );
}

/** The address with its password replaced, for messages. */
export function withoutPassword(address: string): string {
  const url = new URL(address);
  if (url.password !== '') url.password = '***';
  return url.href.replace(/\/$/, '');
}

/** An engine that someone else runs: there is nothing to install, to log or to stop, only to ask who it is. */
export function externalEngine(
  name: EngineName,
  address: string,
  askVersion: (signal: AbortSignal) => Promise<string>,
): Engine {
  return {
    name,
    source: 'external',
    async setup() {},
    async start(context) {
      let version: string;
      try {
        version = await askVersion(context.signal);
      } catch (error) {
        context.signal.throwIfAborted();
        throw externalUnreachable(name, address, error);
      }
      const running: RunningEngine = {
        name,
        source: 'external',
        endpoint: address.replace(/\/$/, ''),
        version,
        pid: undefined,
        logs: async () => [],
        exited: new Promise(() => {}),
        stop: async () => {},
        [Symbol.asyncDispose]: async () => {},
      };
      return running;
    },
  };
}
