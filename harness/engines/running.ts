import type { EngineName, RunningEngine } from './engine.ts';
import type { ServerProcess } from './process.ts';

/** A running engine that is a process of ours. */
export function runningServer(parts: {
  readonly name: EngineName;
  readonly endpoint: string;
  readonly version: string;
  readonly server: ServerProcess;
}): RunningEngine {
  const { name, endpoint, version, server } = parts;
  return {
    name,
    source: 'native',
    endpoint,
    version,
    pid: server.pid,
    logs: async (lines) => server.logs(lines),
    exited: server.exited,
    kill: () => server.kill(),
    stop: () => server.stop(),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
