import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Job, Outcome, ResultOf } from './jobs.ts';

/** A load client in a process of its own. */
export interface LoadClient extends AsyncDisposable {
  /** One job at a time. Rejects when the job could not be done, or when `signal` ended the client. */
  run<J extends Job>(job: J): Promise<ResultOf<J>>;
}

export function startLoadClient(signal: AbortSignal): LoadClient {
  const child = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), { signal, stdio: 'inherit' });
  const ended = once(child, 'exit').catch(() => undefined);
  return {
    async run<J extends Job>(job: J) {
      const abandoned = new AbortController();
      try {
        child.send(job);
        const [outcome] = (await Promise.race([
          once(child, 'message', { signal: abandoned.signal }),
          ended.then(() => {
            throw signal.reason ?? new Error('The load client’s process ended.');
          }),
        ])) as [Outcome];
        if ('error' in outcome) throw new Error(outcome.error);
        return outcome.result as ResultOf<J>;
      } finally {
        abandoned.abort();
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
