import { Argument, Command } from 'commander';
import { NaetmulError } from '../../errors.ts';
import { analyticsBench, asking } from '../app-analytics.ts';
import { portOption } from '../options.ts';
import { print, say } from '../terminal.ts';

const TIME_FIELD = 'arrival_timestamp';

export function dashboardsCommand(): Command {
  return new Command('dashboards')
    .description('make the index pattern in OpenSearch Dashboards, with arrival_timestamp as its time field')
    .addArgument(new Argument('<url>', 'where OpenSearch Dashboards is, such as http://localhost:5601'))
    .addOption(portOption())
    .action(async (url: string, options: { port: number }) => {
      const bench = await analyticsBench(options);
      const title = `${bench.output('IndexName')}*`;
      const [{ DashboardsError, putIndexPattern }, { wrongIndices }] = await Promise.all([
        import('../../../services/app-analytics/src/dashboards/index-pattern.ts'),
        import('../../../services/app-analytics/src/reindex/reindex.ts'),
      ]);
      await using openSearch = await bench.openSearch();
      // Dashboards takes any field, and shows nothing then.
      const wrong = await asking(() => wrongIndices(openSearch, title));
      if (wrong.length > 0) {
        throw new NaetmulError('NO_TIME_FIELD', `${TIME_FIELD} is no date in ${wrong.join(', ')}.`, {
          remedy: 'Dashboards cannot use it as a time field. Run `naetmul analytics reindex` first.',
        });
      }
      try {
        await putIndexPattern({ title, timeField: TIME_FIELD }, { url, fetch });
      } catch (error) {
        if (!(error instanceof DashboardsError)) throw error;
        const remedy =
          'Give the address that a browser takes, up to the path before /app, such as http://localhost:5601.';
        throw new NaetmulError('DASHBOARDS', error.message, { remedy, cause: error });
      }
      print(title);
      say(`The index pattern is there, with ${TIME_FIELD} as its time field: open Discover and choose it.`);
    });
}
