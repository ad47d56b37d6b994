import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Argument, Command, Option } from 'commander';
import type { Status } from '../../control/protocol.ts';
import { withBench } from '../bench.ts';
import { controlClient, type StackOptions, stackOptions } from '../options.ts';
import { exitCode, say } from '../terminal.ts';

const PROJECT_DIR = fileURLToPath(new URL('../../..', import.meta.url));

interface ScenariosOptions extends StackOptions {
  readonly attach: boolean;
  readonly reports: string;
}

export function scenariosCommand(): Command {
  const command = new Command('scenarios')
    .description('run the stories against a bench of their own, and write a report')
    .addArgument(new Argument('[filter]', 'only files whose name contains this'))
    .addOption(new Option('--attach', 'use (and reset) the bench that is up, at --port, instead').default(false))
    .addOption(new Option('--reports <folder>', 'where scenarios.html, .xml and .json go').default('reports'));
  for (const option of stackOptions()) command.addOption(option);
  return command.action(async (filter: string | undefined, options: ScenariosOptions, self: Command) => {
    if (options.attach) {
      const bench = controlClient(options);
      process.exitCode = await runStories(await bench.status(), filter, options);
      return;
    }
    // A bench for the stories alone takes free ports unless told otherwise, so that it gets along with another one.
    const chosen = (name: string) => self.getOptionValueSource(name) === 'cli';
    const own = {
      ...options,
      port: chosen('port') ? options.port : 0,
      mqttPort: chosen('mqttPort') ? options.mqttPort : 0,
    };
    await withBench(own, async (bench, signal) => {
      process.exitCode = await runStories(bench.status(), filter, options, signal);
    });
  });
}

/** Runs vitest in a process of its own; returns the exit code. */
async function runStories(
  status: Status,
  filter: string | undefined,
  { reports, stack, engine }: Pick<ScenariosOptions, 'reports' | 'stack' | 'engine'>,
  signal?: AbortSignal,
): Promise<number> {
  const dir = resolve(reports);
  mkdirSync(dir, { recursive: true });
  say(`The report will be in ${join(reports, 'scenarios.html')} and ${join(reports, 'scenarios.xml')}.`);
  const child = spawn(
    process.execPath,
    [
      join(PROJECT_DIR, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--project=scenarios',
      ...(filter === undefined ? [] : [filter]),
      '--reporter=./harness/kit/report/reporter.ts',
      ...(process.env.GITHUB_ACTIONS ? ['--reporter=github-actions'] : []),
    ],
    {
      cwd: PROJECT_DIR,
      stdio: 'inherit',
      env: {
        ...process.env,
        NAETMUL_URL: status.edge,
        NAETMUL_REPORTS: dir,
        NAETMUL_ENGINES: describeEngines(status),
        // For the benches that stories start beside this one: the same, but with servers of their own.
        NAETMUL_STACK: stack,
        NAETMUL_ENGINE: Object.entries(engine)
          .filter(([, chosen]) => !chosen.includes('://'))
          .map(([name, chosen]) => `${name}=${chosen}`)
          .join(' '),
      },
    },
  );
  signal?.addEventListener('abort', () => child.kill('SIGTERM'));
  return await exitCodeOf(child);
}

async function exitCodeOf(child: ChildProcess): Promise<number> {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code === null) return exitCode.interrupted;
  return code === 0 ? exitCode.ok : exitCode.failed;
}

function describeEngines(status: Status): string {
  return Object.entries(status.engines)
    .map(([name, { version, source, lacks = [] }]) => {
      const missing = lacks.length === 0 ? '' : `, lacks ${lacks.join(', ')}`;
      return `${name} ${version} (${source}${missing})`;
    })
    .join(', ');
}
