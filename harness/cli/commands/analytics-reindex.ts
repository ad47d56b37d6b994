import { Argument, Command } from 'commander';
import { machine } from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';
import { analyticsBench, asking } from '../app-analytics.ts';
import { portOption } from '../options.ts';
import { print, say } from '../terminal.ts';

export function reindexCommand(): Command {
  return new Command('reindex')
    .description('make indices anew in which arrival_timestamp became no date, because the template came too late')
    .addArgument(new Argument('[index...]', 'by default every index in which it is no date'))
    .addOption(portOption())
    .addHelpText(
      'after',
      `
The index template must be in place. Each index is copied into one with "-reindexed" after its name, and its own name
becomes an alias of that. While it is copied it takes no writes: what Firehose would put there goes into its backup; see
\`naetmul analytics replay-failed\`.`,
    )
    .action(async (chosen: readonly string[], options: { port: number }) => {
      const bench = await analyticsBench(options);
      const pattern = `${bench.output('IndexName')}*`;
      const { NotReindexed, reindex, wrongIndices } = await import(
        '../../../services/app-analytics/src/reindex/reindex.ts'
      );
      await using openSearch = await bench.openSearch();
      await asking(async () => {
        const indices = chosen.length > 0 ? chosen : await wrongIndices(openSearch, pattern);
        if (indices.length === 0) say(`In every index of ${pattern}, arrival_timestamp is a date.`);
        for (const index of indices) {
          const sleep = (ms: number) => machine.sleep(ms);
          const made = await reindex(index, { openSearch, sleep, progress: say }).catch((error: unknown) => {
            if (!(error instanceof NotReindexed)) throw error;
            throw new NaetmulError('NOT_REINDEXED', error.message, {
              remedy: 'The index is as it was. See with `naetmul analytics` what each index has.',
              cause: error,
            });
          });
          print(made.index);
        }
      });
    });
}
