/** `node src/replay/main.ts`: puts the documents again that Firehose backed up. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { S3Client } from '@aws-sdk/client-s3';
import { openSearchOf, runCommand, UsageError } from '../command.ts';
import { regionOf } from '../credentials.ts';
import { describeReport, isComplete, ReplayStopped, replayFromBucket } from './index.ts';

const USAGE = `node src/replay/main.ts --bucket BUCKET --endpoint DOMAIN_ENDPOINT

  --prefix TEXT   what the objects' keys begin with; failed_ by default, or one hour of it
  --index NAME    put all of them into this index instead of those that they were for
  --dry-run       read everything, put nothing
  --json          the report as JSON

Region and credentials are taken from the environment, as every AWS SDK does.`;

await runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      bucket: { type: 'string' },
      endpoint: { type: 'string' },
      prefix: { type: 'string', default: 'failed_' },
      index: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { bucket, endpoint, prefix, index } = values;
  if (!bucket) throw new UsageError('Give --bucket: the BucketName of the stack.');
  const s3 = new S3Client({ region: regionOf(process.env), forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL) });
  await using openSearch = openSearchOf(endpoint, process.env);
  const told = (report: Parameters<typeof describeReport>[0]) =>
    console.log(values.json ? JSON.stringify(report, null, 2) : describeReport(report));
  try {
    const report = await replayFromBucket({ s3, openSearch, bucket, prefix, index, dryRun: values['dry-run'], sleep });
    told(report);
    if (!isComplete(report)) process.exitCode = 1;
  } catch (error) {
    if (error instanceof ReplayStopped) told(error.report);
    throw error;
  }
});
