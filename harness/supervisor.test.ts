import { describe, expect, test } from 'vitest';
import type { Engine, EngineContext, EngineExit, RunningEngine } from './engines/engine.ts';
import { Supervisor } from './supervisor.ts';

/** A stand-in for a server process: the supervisor is about the order of events, not about the server. */
function fakeEngine(name: Engine['name']) {
  const starts: {
    running: RunningEngine;
    die(exit: Partial<EngineExit>): void;
    stopped: boolean;
    keptData: boolean;
  }[] = [];
  const engine: Engine = {
    name,
    source: 'native',
    setup: async () => undefined,
    async start() {
      const exited = Promise.withResolvers<EngineExit>();
      const start = {
        stopped: false,
        keptData: false,
        die: (exit: Partial<EngineExit>) => exited.resolve({ code: null, signal: null, expected: false, ...exit }),
        running: {
          name,
          source: 'native' as const,
          endpoint: `http://127.0.0.1:${1000 + starts.length}`,
          version: '1',
          pid: undefined,
          logs: async () => [],
          exited: exited.promise,
          stop: async ({ keepData = false } = {}) => {
            start.stopped = true;
            start.keptData = keepData;
            exited.resolve({ code: 0, signal: null, expected: true });
          },
          [Symbol.asyncDispose]: async () => undefined,
        },
      };
      starts.push(start);
      return start.running;
    },
  };
  return { engine, starts };
}

function supervise(...engines: Engine[]) {
  const events: string[] = [];
  const returned = Promise.withResolvers<RunningEngine>();
  const note = (message: string) => void events.push(message);
  const supervisor = new Supervisor({
    engines,
    contextOf: () => ({}) as EngineContext,
    log: { info: note, warn: note, error: note },
    onDeath: (engine) => note(`death of ${engine.name}`),
    onReturn: async (engine) => {
      note(`return of ${engine.name}`);
      returned.resolve(engine);
    },
  });
  return { supervisor, events, returned: returned.promise };
}

describe('the supervisor', () => {
  test('starts an engine again that died, and says so', async () => {
    const { engine, starts } = fakeEngine('localstack');
    const { supervisor, events, returned } = supervise(engine);
    await supervisor.start(async () => undefined);
    starts[0]?.die({ signal: 'SIGKILL' });
    await returned;
    expect(events.slice(0, 3)).toEqual([
      'localstack ended by itself (SIGKILL)',
      'death of localstack',
      'return of localstack',
    ]);
    expect(supervisor.get('localstack')?.endpoint).toBe('http://127.0.0.1:1001');
  });

  test('does not start an engine again that was asked to stop', async () => {
    const { engine, starts } = fakeEngine('mysql');
    const { supervisor, events } = supervise(engine);
    await supervisor.start(async () => undefined);
    await supervisor.stop();
    expect(starts).toHaveLength(1);
    expect(starts[0]?.stopped).toBe(true);
    expect(events).toEqual([]);
  });

  test('when one engine fails to start, waits for the others, so that they can be stopped', async () => {
    const good = fakeEngine('opensearch');
    const bad: Engine = { ...fakeEngine('mysql').engine, start: async () => Promise.reject(new Error('no space')) };
    const { supervisor } = supervise(bad, good.engine);
    await expect(supervisor.start(async () => undefined)).rejects.toThrow('no space');
    expect(supervisor.list().map((engine) => engine.name)).toEqual(['opensearch']);
    await supervisor.stop();
    expect(good.starts[0]?.stopped).toBe(true);
  });

  test('an engine that is taken away keeps its data until the stop', async () => {
    const { engine, starts } = fakeEngine('mysql');
    const { supervisor } = supervise(engine);
    await supervisor.start(async () => undefined);
    await supervisor.takeAway('mysql');
    expect(starts[0]?.keptData).toBe(true);
    await supervisor.stop();
    expect(starts[0]?.keptData).toBe(false);
  });

  test('an engine that is ready after the stop is stopped at once', async () => {
    const { engine, starts } = fakeEngine('localstack');
    const { supervisor } = supervise(engine);
    const starting = supervisor.start(async () => undefined);
    await supervisor.stop();
    await expect(starting).rejects.toThrow('was ready after the bench had been asked to stop');
    expect(starts[0]?.stopped).toBe(true);
  });

  test('an engine that has no process of ours cannot be killed', async () => {
    const { engine } = fakeEngine('mysql');
    const { supervisor } = supervise(engine);
    await supervisor.start(async () => undefined);
    await expect(supervisor.kill('mysql')).rejects.toThrow(
      'There is no server of naetmul\'s named "mysql" that can be ended.',
    );
  });

  test('an engine that was taken away stays away until it is brought back', async () => {
    const { engine, starts } = fakeEngine('mysql');
    const { supervisor, events } = supervise(engine);
    await supervisor.start(async () => undefined);

    await supervisor.takeAway('mysql');
    await expect.poll(() => events).toEqual(['mysql was stopped', 'death of mysql']);
    expect(starts).toHaveLength(1);
    expect(starts[0]?.stopped).toBe(true);
    expect(supervisor.get('mysql')).toBeUndefined();

    await supervisor.bringBack('mysql');
    expect(events.at(-1)).toBe('return of mysql');
    expect(supervisor.get('mysql')).toBe(starts[1]?.running);
    await expect(supervisor.bringBack('mysql')).rejects.toThrow('No server named "mysql" was taken away.');
  });
});
