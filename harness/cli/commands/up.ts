import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { createControlClient } from '../../control/client.ts';
import { type BenchMessage, spawnBench } from '../../control/spawn.ts';
import { NaetmulError } from '../../errors.ts';
import type { Testbench } from '../../testbench.ts';
import { withBench } from '../bench.ts';
import { type StackOptions, stackOptions } from '../options.ts';
import { print, say } from '../terminal.ts';
import { describeStatus } from './status.ts';

interface UpOptions extends StackOptions {
  readonly detach: boolean;
}

export function upCommand(): Command {
  const command = new Command('up')
    .description('boot the servers, open the AWS endpoint, deploy the pipelines; stay until Ctrl-C')
    .addOption(new Option('--detach', 'return once all is ready; end it with `naetmul down`').default(false))
    .option('--inspect <function>', 'run this Lambda function where a debugger can attach, without a time-out');
  for (const option of stackOptions()) command.addOption(option);
  return command.action((options: UpOptions) => (options.detach ? upDetached() : upHere(options)));
}

async function upHere(options: UpOptions): Promise<void> {
  const tell = process.connected ? (message: BenchMessage) => process.connected && process.send?.(message) : undefined;
  try {
    await withBench(
      options,
      async (bench, signal) => {
        if (tell) {
          tell({ ready: bench.status().edge });
          process.disconnect?.();
        } else {
          announce(bench);
        }
        await Promise.race([bench.stopped, once(signal, 'abort')]);
      },
      (component, message) => tell?.({ step: `${component.padEnd(11)} ${message}` }),
    );
  } catch (error) {
    tell?.({ failed: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

function announce(bench: Testbench): void {
  print(describeStatus(bench.status(), bench.clock.diagnostics().now));
  const { ingest, collector, 'gas-detector': gasDetector, 'app-analytics': appAnalytics } = bench.outputs();
  say('\nTry it:');
  for (const [url, body] of [
    [ingest?.Url, '{"value":"30","type":"Tip 3"}'],
    [collector && `${collector.Url}/api/collect`, '{"event_id":"1","event":"visit","user_id":"me","parameters":null}'],
  ]) {
    if (url !== undefined) say(`  curl -d '${body}' -H "Content-Type: application/json" -X POST ${url}`);
  }
  if (gasDetector?.SiteUrl !== undefined) say(`The gas detectors' page: ${gasDetector.SiteUrl}`);
  if (appAnalytics?.Url !== undefined) say(`The app's events: ${appAnalytics.Url}`);
  say('Ctrl-C ends it all.');
}

/** Starts the same command in a process of its own, and waits until that one is ready. */
async function upDetached(): Promise<void> {
  const { makeRunsRoot } = await import('../../engines/index.ts');
  const logFile = join(makeRunsRoot(), 'up.log');
  let child: ChildProcess | undefined;
  const interrupt = () => child?.kill('SIGTERM');
  process.once('SIGINT', interrupt);
  try {
    const bench = await spawnBench({
      arguments: process.argv.slice(3).filter((argument) => argument !== '--detach'),
      output: openSync(logFile, 'w'),
      detached: true,
      onStep: say,
      onSpawn: (spawned) => {
        child = spawned;
      },
    });
    bench.child.unref();
    const client = createControlClient(bench.edge);
    print(describeStatus(await client.status(), (await client.clock()).now));
    say('\nIt runs in the background; `naetmul down` ends it.');
  } catch (error) {
    if (!(error instanceof NaetmulError)) throw error;
    throw new NaetmulError(error.code, error.message, { remedy: `Its messages are in ${logFile}.`, cause: error });
  } finally {
    process.off('SIGINT', interrupt);
  }
}
