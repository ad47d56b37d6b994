import { Command } from 'commander';
import { machine } from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';
import { controlClient, portOption } from '../options.ts';
import { say } from '../terminal.ts';

/** A bench that has not gone by then is ended by force; its servers are swept up by the next start. */
const PATIENCE_MS = 30_000;

export function downCommand(): Command {
  return new Command('down')
    .description('end the running bench and everything it started')
    .addOption(portOption())
    .action(async (options: { port: number }) => {
      const client = controlClient(options);
      const { pid } = await client.health();
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
    });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
