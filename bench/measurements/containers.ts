import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { machine } from '../../harness/clock/index.ts';
import { groupMembers } from '../../harness/engines/identity.ts';
import type { Measurement } from '../measurement.ts';
import { residentMiB, type StartedBench } from '../parts.ts';
import { formatNumber } from '../report.ts';
import { runSuite } from './suite.ts';

const run = promisify(execFile);

/** Long enough for what follows the boot to have ended. */
const SETTLE_MS = 10_000;

const NATIVE = ['--stack', 'native'];
const DOCKER = ['--stack', 'docker'];
const REUSE = [...DOCKER, '--reuse'];

export const upDocker: Measurement = {
  name: 'up-docker',
  title:
    'Warm `naetmul up --stack docker`, images pulled, from the start of its process until all pipelines are deployed',
  rival: 'the same with `--stack native`',
  unit: 's',
  docker: true,
  measure: ({ rounds, parts }) => takeTurns(rounds, parts.naetmul.bind(parts), DOCKER, NATIVE),
};

export const upReuse: Measurement = {
  name: 'up-reuse',
  title: 'The same with `--stack docker --reuse`, from the second run on',
  rival: 'without `--reuse`',
  unit: 's',
  docker: true,
  async measure({ rounds, parts, progress }) {
    progress('the first run, which makes the containers');
    await (await parts.naetmul({ arguments: REUSE })).stop();
    try {
      return await takeTurns(rounds, parts.naetmul.bind(parts), REUSE, DOCKER);
    } finally {
      const { removeKept } = await import('../../harness/engines/docker/index.ts');
      await removeKept();
    }
  },
};

export const suiteDocker: Measurement = {
  name: 'suite-docker',
  title: 'All scenarios with `--stack docker`, from start to end',
  rival: 'with `--stack native`',
  unit: 's',
  docker: true,
  async measure({ parts, progress, signal }) {
    progress('with containers');
    const ours = await runSuite(DOCKER, parts, signal);
    progress('without');
    const rival = await runSuite(NATIVE, parts, signal);
    const told = (passed: boolean) => (passed ? 'all passed' : 'not all passed');
    return {
      ours: [ours.seconds],
      rival: [rival.seconds],
      notes: [`In containers ${told(ours.passed)}, natively ${told(rival.passed)}`],
    };
  },
};

export const memoryDocker: Measurement = {
  name: 'memory-docker',
  title: 'Memory of the whole stack in containers, harness and servers, 10 s after it is ready and with nothing to do',
  rival: 'of the native one',
  unit: 'MiB',
  docker: true,
  async measure({ parts, progress, signal }) {
    const sides: (readonly Part[])[] = [];
    for (const stack of [DOCKER, NATIVE]) {
      const bench = await parts.naetmul({ arguments: stack });
      progress('letting it settle');
      await machine.sleep(SETTLE_MS, signal);
      sides.push(await memoryOf(bench));
      await bench.stop();
    }
    const [ours, rival] = sides.map((parted) => parted.reduce((sum, { mib }) => sum + mib, 0));
    const describe = (parted: readonly Part[] = []) =>
      parted.map(({ name, mib }) => `${name} ${formatNumber(mib)}`).join(', ');
    return {
      ours: [ours ?? 0],
      rival: [rival ?? 0],
      notes: [`In containers: ${describe(sides[0])}`, `Native, resident: ${describe(sides[1])}`],
    };
  },
};

async function takeTurns(
  rounds: number,
  start: (options: { readonly arguments: readonly string[] }) => Promise<StartedBench>,
  one: readonly string[],
  other: readonly string[],
) {
  const readyMs = async (stack: readonly string[]): Promise<number> => {
    const bench = await start({ arguments: stack });
    await bench.stop();
    return bench.readyMs / 1000;
  };
  const ours: number[] = [];
  const rival: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    ours.push(await readyMs(one));
    rival.push(await readyMs(other));
  }
  return { ours, rival };
}

interface Part {
  readonly name: string;
  readonly mib: number;
}

/** By part: processes of the harness and of servers, and what Docker says of containers. */
async function memoryOf(bench: StartedBench): Promise<readonly Part[]> {
  const { engines } = await bench.control.status();
  const { pid } = await bench.control.health();
  const harness = { name: 'harness', mib: residentMiB(pid, 'VmRSS') };
  const servers = Object.entries(engines).map(async ([name, engine]) => {
    if (engine.container !== undefined) return { name, mib: await memoryOfContainer(engine.container) };
    const members = engine.pid === null ? [] : groupMembers(engine.pid);
    return { name, mib: members.reduce((sum, member) => sum + residentMiB(member, 'VmRSS'), 0) };
  });
  return [harness, ...(await Promise.all(servers))].filter(({ mib }) => mib > 0);
}

const UNITS: Readonly<Record<string, number>> = { KiB: 1 / 1024, MiB: 1, GiB: 1024 };

async function memoryOfContainer(id: string): Promise<number> {
  const { stdout } = await run('docker', ['stats', '--no-stream', '--format', '{{.MemUsage}}', id]);
  const [, amount, unit = ''] = /^([\d.]+)(\w+)/.exec(stdout) ?? [];
  return Number(amount) * (UNITS[unit] ?? Number.NaN);
}
