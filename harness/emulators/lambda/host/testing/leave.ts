import { dirname } from 'node:path';
import { hostBench, until } from './bench.ts';

/*
 * A harness that ends in the middle of an invocation without stopping anything. It says the function's pid,
 * and what is to be removed.
 */
const { invoke, pids, lines, dataDir } = await hostBench();
void invoke({ do: 'print', text: 'begun\n' }).then(() => invoke({ do: 'hang' }));
await until(() => lines.filter((line) => line.startsWith('START')).length === 2);
process.stdout.write(JSON.stringify({ pid: pids[0], folder: dirname(dataDir) }));
process.exit(0);
