import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { analyticsCommand } from './commands/analytics.ts';
import { certCommand } from './commands/cert.ts';
import { checkCommand } from './commands/check.ts';
import { clockCommand } from './commands/clock.ts';
import { deployCommand, undeployCommand } from './commands/deploy.ts';
import { doctorCommand } from './commands/doctor.ts';
import { downCommand } from './commands/down.ts';
import { iotCommand } from './commands/iot.ts';
import { logsCommand } from './commands/logs.ts';
import { matrixCommand } from './commands/matrix.ts';
import { outputsCommand } from './commands/outputs.ts';
import { reportCommand } from './commands/report.ts';
import { resetCommand } from './commands/reset.ts';
import { scenariosCommand } from './commands/scenarios.ts';
import { sendCommand } from './commands/send.ts';
import { setupCommand } from './commands/setup.ts';
import { statusCommand } from './commands/status.ts';
import { traceCommand } from './commands/trace.ts';
import { upCommand } from './commands/up.ts';
import { exitCode, exitCodeOf, outliveReaders, sayError } from './terminal.ts';

outliveReaders();

const program = new Command('naetmul')
  .description(
    'A local AWS for event pipelines: real servers, real handlers, a clock you can move, and a ledger of every event.',
  )
  .helpOption('-h, --help', 'show this help')
  .version(packageJson.version, '-V, --version', 'show the version')
  .helpCommand(false)
  // An option after a command's name is that command's, also where the one around it has an option of that name.
  .enablePositionalOptions()
  .exitOverride()
  .configureOutput({ writeErr: (text) => process.stderr.write(text) })
  .addHelpText(
    'after',
    `
Start with:
  naetmul up                 boot the servers and deploy the pipelines; Ctrl-C ends it all
  naetmul outputs            where to post
  naetmul scenarios          run the stories

Exit codes: 0 fine; 1 a scenario or a check failed; 2 not understood; 3 no bench is running; 4 the bench did not start;
130 interrupted.`,
  );

for (const command of [
  upCommand(),
  downCommand(),
  statusCommand(),
  outputsCommand(),
  deployCommand(),
  undeployCommand(),
  scenariosCommand(),
  matrixCommand(),
  traceCommand(),
  checkCommand(),
  clockCommand(),
  resetCommand(),
  logsCommand(),
  iotCommand(),
  analyticsCommand(),
  sendCommand(),
  reportCommand(),
  certCommand(),
  setupCommand(),
  doctorCommand(),
]) {
  program.addCommand(command.copyInheritedSettings(program));
  for (const inner of command.commands) inner.copyInheritedSettings(command);
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already written its message; help that was asked for is no mistake.
    process.exitCode = error.exitCode === 0 ? exitCode.ok : exitCode.usage;
  } else {
    sayError(error);
    process.exitCode = exitCodeOf(error);
  }
}
