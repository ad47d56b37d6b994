import { Command, Option } from 'commander';
import { machine } from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';
import { analyticsBench, CREDENTIALS, REGION } from '../app-analytics.ts';
import { portOption } from '../options.ts';
import { exitCode, print, printJson } from '../terminal.ts';

interface Options {
  readonly port: number;
  readonly prefix?: string;
  readonly index?: string;
  readonly dryRun: boolean;
  readonly json?: boolean;
}

export function replayFailedCommand(): Command {
  return new Command('replay-failed')
    .description('put the documents again that OpenSearch did not take and Firehose backed up')
    .option('--prefix <text>', 'what the objects’ keys begin with; the template’s prefix unless told otherwise')
    .option('--index <name>', 'put all of them into this index instead of those that they were for')
    .addOption(new Option('--dry-run', 'read everything, put nothing').default(false))
    .addOption(portOption())
    .option('--json', 'as JSON, for programs')
    .addHelpText(
      'after',
      `
Each document goes straight into the index that it was for, under the id that Firehose gave it, and only if it is not
there: the command can be repeated, and makes no copies. The backup stays as it is.

Exits with 1 when there is something that cannot be put.`,
    )
    .action(replay);
}

async function replay({ port, prefix, index, dryRun, json }: Options): Promise<void> {
  const bench = await analyticsBench({ port });
  const [{ S3Client }, { describeFailure }, { describeReport, isComplete, ReplayStopped, replayFromBucket }] =
    await Promise.all([
      import('@aws-sdk/client-s3'),
      import('../../../services/app-analytics/src/opensearch.ts'),
      import('../../../services/app-analytics/src/replay/index.ts'),
    ]);
  const s3 = new S3Client({ endpoint: bench.edge, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
  await using openSearch = await bench.openSearch();
  const tell = (report: Parameters<typeof describeReport>[0]) =>
    json ? printJson(report) : print(describeReport(report));
  try {
    const report = await replayFromBucket({
      s3,
      openSearch,
      bucket: bench.output('BucketName'),
      prefix: prefix ?? bench.output('FailedPrefix'),
      index,
      dryRun,
      sleep: (ms) => machine.sleep(ms),
    });
    tell(report);
    if (!isComplete(report)) process.exitCode = exitCode.failed;
  } catch (error) {
    if (!(error instanceof ReplayStopped)) throw error;
    tell(error.report);
    const why = error.cause === undefined ? '' : ` OpenSearch: ${describeFailure(error.cause)}.`;
    throw new NaetmulError('REPLAY_STOPPED', `${error.message}${why}`, {
      remedy: 'Run the same command again: what is there is not put a second time.',
      cause: error,
    });
  } finally {
    s3.destroy();
  }
}
