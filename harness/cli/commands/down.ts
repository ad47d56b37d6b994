import { Command } from 'commander';
import { machine } from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';
import { controlClient, portOption } from '../options.ts';
import { say } from '../terminal.ts';

/** A bench that has not gone by then is ended by force; its servers are swept up by the next start. */
const PATIENCE_MS = 30_000;

export function downCommand(): Command {
  return new Command('down')
    .description('end the running bench and everything it started, and remove the containers that --reuse has kept')
    .addOption(portOption())
    .action(async (options: { port: number }) => {
      const notRunning = await endBench(options);
      const removed = await removeContainers();
      if (removed > 0) say(`${removed === 1 ? 'One container' : `${removed} containers`} of earlier runs: removed.`);
      else if (notRunning) throw notRunning;
    });
}

/** Returns the error that says so when there is none. */
async function endBench(options: { readonly port: number }): Promise<NaetmulError | undefined> {
  const client = controlClient(options);
  let pid: number;
  try {
    ({ pid } = await client.health());
  } catch (error) {
    if (error instanceof NaetmulError && error.code === 'NOT_RUNNING') return error;
    throw error;
  }
  await client.stop();
  const deadline = machine.monotonic() + PATIENCE_MS;
  while (isAlive(pid)) {
    if (machine.monotonic() > deadline) {
      process.kill(pid, 'SIGKILL');
      throw new NaetmulError('WOULD_NOT_STOP', `The bench (pid ${pid}) did not end within 30 s and was killed.`, {
        remedy: 'What it left behind is cleaned up by the next `naetmul up`.',
        blame: 'naetmul',
      });
    }
    await machine.sleep(50);
  }
  say('naetmul has ended.');
  return undefined;
}

/** Those that `--reuse` has kept, and those of benches that were killed; where there is no Docker, there are none. */
async function removeContainers(): Promise<number> {
  const { dockerAnswers } = await import('../../engines/stack.ts');
  if (!(await dockerAnswers())) return 0;
  const { removeKept } = await import('../../engines/docker/index.ts');
  return await removeKept();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
