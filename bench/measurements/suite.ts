import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { machine } from '../../harness/clock/index.ts';
import type { Measurement } from '../measurement.ts';

const NAETMUL = fileURLToPath(new URL('../../harness/cli/naetmul.js', import.meta.url));

export const suite: Measurement = {
  name: 'suite',
  title: 'All scenarios, warm: `naetmul scenarios` from its start to its end',
  unit: 's',
  async measure({ parts, progress, signal }) {
    progress('running all scenarios');
    const started = machine.monotonic();
    // In a process group of its own, so that a Ctrl-C reaches it once: through the signal.
    const child = spawn(process.execPath, [NAETMUL, 'scenarios', '--stack', 'native'], { detached: true, stdio: 'ignore' });
    parts.ownProcess(child, 'naetmul scenarios');
    const [code] = await once(child, 'exit');
    signal.throwIfAborted();
    return {
      ours: [(machine.monotonic() - started) / 1000],
      notes: [code === 0 ? 'All passed' : 'Not all passed: see `make scenarios`'],
    };
  },
};
