import { Command } from 'commander';
import type { Prerequisite } from '../../engines/index.ts';
import { exitCode, paint, print, printJson, say } from '../terminal.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('show what is here, what is missing, and how to get it')
    .option('--json', 'as JSON, for programs')
    .action(async (options: { json?: boolean }) => {
      const { cacheFolder, checkPrerequisites } = await import('../../engines/index.ts');
      const prerequisites = await checkPrerequisites();
      const missing = prerequisites.filter((one) => one.required && !one.sufficient);
      if (missing.length > 0) process.exitCode = exitCode.failed;
      if (options.json) {
        printJson({ prerequisites, cache: cacheFolder() });
        return;
      }
      for (const one of prerequisites) print(describe(one));
      print(`cache   ${cacheFolder()}`);
      say(
        missing.length === 0
          ? '\nAll that naetmul needs is here.'
          : `\nMissing: ${missing.map((one) => one.name).join(', ')}.`,
      );
    });
}

function describe(one: Prerequisite): string {
  const mark = one.sufficient ? paint('green', '✓') : one.required ? paint('red', '✗') : paint('dim', '–');
  const line = `${mark} ${one.name.padEnd(8)} ${(one.version ?? 'not found').padEnd(12)} ${one.purpose}`;
  return one.sufficient ? line : `${line}\n  ${' '.repeat(21)} ${one.remedy}`;
}
