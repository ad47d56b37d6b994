import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { machine } from '../../harness/clock/index.ts';
import type { Measurement } from '../measurement.ts';
import type { Parts } from '../parts.ts';

const NAETMUL = fileURLToPath(new URL('../../harness/cli/naetmul.js', import.meta.url));

export const suite: Measurement = {
  name: 'suite',
  title: 'All scenarios, warm: `naetmul scenarios` from its start to its end',
  unit: 's',
  async measure({ parts, progress, signal }) {
    progress('running all scenarios');
    const { seconds, passed } = await runSuite(['--stack', 'native'], parts, signal);
    return { ours: [seconds], notes: [passed ? 'All passed' : 'Not all passed: see `make scenarios`'] };
  },
};

/** Runs all scenarios in a process of their own. */
export async function runSuite(
  options: readonly string[],
  parts: Parts,
  signal: AbortSignal,
): Promise<{ readonly seconds: number; readonly passed: boolean }> {
  const started = machine.monotonic();
  // In a process group of its own, so that a Ctrl-C reaches it once: through the signal.
  const child = spawn(process.execPath, [NAETMUL, 'scenarios', ...options], { detached: true, stdio: 'ignore' });
  parts.ownProcess(child, 'naetmul scenarios');
  const [code] = await once(child, 'exit');
  signal.throwIfAborted();
  return { seconds: (machine.monotonic() - started) / 1000, passed: code === 0 };
}
