import type { S3Client } from '@aws-sdk/client-s3';
import { Command, InvalidArgumentError, Option } from 'commander';
import { KST_OFFSET_MS, kstDay } from '../../../services/ingest/kst-day.ts';
import type { ReportTime } from '../../../services/webhooks/report/model.ts';
import type { ReadingTally } from '../../../services/webhooks/report/receipts.ts';
import { machine } from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';
import { CREDENTIALS, REGION } from '../app-analytics.ts';
import { controlClient, portOption } from '../options.ts';
import { tellOften } from '../status-line.ts';
import { print, printJson, say } from '../terminal.ts';

interface Options {
  readonly day?: string;
  readonly time: ReportTime;
  readonly window?: number;
  readonly lateness?: number;
  readonly bucket?: string;
  readonly prefix: string;
  readonly port: number;
  readonly json?: boolean;
}

/** The pipeline's folder in `services/`. */
const PIPELINE = 'webhooks';
const MAX_HOURS = 24 * 31;

export function reportCommand(): Command {
  return new Command('report')
    .description('count the webhooks of one Korean day in S3 by sender and hour, without copies')
    .option('--day <date>', 'such as 2022-01-27 (default: today in Korea, by the bench’s clock)', parseDay)
    .addOption(
      new Option('--time <kind>', 'by time of receipt, or by the time that the events tell')
        .choices(['received', 'event'] satisfies ReportTime[])
        .default('received'),
    )
    .option('--window <hours>', 'what comes again within so many hours is a copy (default: 24)', parseHours)
    .option(
      '--lateness <hours>',
      'how much later than that time a record may have reached the stream (default: 6, by event 24)',
      parseHours,
    )
    .option(
      '--bucket <name>',
      'a bucket of the account that the AWS environment names, instead of the bench’s',
      parseBucket,
    )
    .option('--prefix <text>', 'what stands before year, month, day and hour in the objects’ keys', 'rawdata/')
    .addOption(portOption())
    .option('--json', 'as JSON, for programs')
    .addHelpText(
      'after',
      `
raw     records in S3
copies  those of them whose event had been received before, also if that was on the day before
unique  the rest: events, each in the hour of its first receipt

Events are told apart by their sender's id, else by all of their content. What Firehose still holds in its buffer is not
in S3 yet. With --bucket no bench is asked: region, credentials and endpoint are those of the AWS SDKs (AWS_REGION,
AWS_PROFILE, AWS_ENDPOINT_URL and so on).`,
    )
    .action(report);
}

async function report({ day, time, window, lateness, prefix, json, ...where }: Options): Promise<void> {
  const [{ S3Client }, { describeReport, reportDay }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../../../services/webhooks/report/index.ts'),
  ]);
  const { s3, bucket, now } =
    where.bucket === undefined
      ? await benchSource(where, S3Client)
      : { s3: environmentClient(S3Client), bucket: where.bucket, now: machine.now() };
  let progress: ReturnType<typeof tellOften> | undefined;
  try {
    const counted = await reportDay({
      s3,
      bucket,
      prefix,
      time,
      day: day ?? dayInKorea(now),
      ...(window === undefined ? {} : { windowHours: window }),
      ...(lateness === undefined ? {} : { latenessHours: lateness }),
      onStart: (read) => {
        progress = tellOften(() => describeReading(read), say);
      },
    });
    if (json) printJson(counted);
    else print(describeReport(counted));
  } catch (error) {
    throw explained(error, bucket);
  } finally {
    progress?.end();
    s3.destroy();
  }
}

/** `37 of 55 folders, 210,000 records`. */
function describeReading({ listed, folders, records }: Readonly<ReadingTally>): string {
  return `${listed} of ${folders} folders, ${records.toLocaleString('en-US')} records`;
}

async function benchSource(options: { readonly port: number }, Client: typeof S3Client) {
  const bench = controlClient(options);
  const [outputs, clock] = await Promise.all([bench.outputs(), bench.clock()]);
  const bucket = outputs[PIPELINE]?.BucketName;
  if (bucket === undefined) {
    throw new NaetmulError('NOT_DEPLOYED', `This bench has no BucketName of services/${PIPELINE}.`, {
      remedy:
        'See with `naetmul status` which pipelines it runs, and with `naetmul logs deploy` what became of this one.',
    });
  }
  const s3 = new Client({ endpoint: bench.edge, region: REGION, credentials: CREDENTIALS, forcePathStyle: true });
  return { s3, bucket, now: Date.parse(clock.now) };
}

/** Servers other than AWS's own have no domain name for each bucket. */
function environmentClient(Client: typeof S3Client): S3Client {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  return new Client({ forcePathStyle: Boolean(AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) });
}

function dayInKorea(now: number): string {
  return new Date(now + KST_OFFSET_MS).toISOString().slice(0, 10);
}

/** That S3 cannot be asked, or refuses, is the user's to put right. */
function explained(error: unknown, bucket: string): unknown {
  const { name, message, $metadata } = error as { name?: string; message?: string; $metadata?: unknown };
  const isOfSdk = $metadata !== undefined || name === 'CredentialsProviderError' || message === 'Region is missing';
  if (!isOfSdk) return error;
  const reason = name === 'Error' ? message : `${name}: ${message}`;
  return new NaetmulError('S3', `The bucket ${bucket} cannot be read: ${reason}`, {
    remedy:
      'Look at the bucket’s name, at region (AWS_REGION) and credentials, and at who may list the bucket and read it.',
    cause: error,
  });
}

function parseDay(text: string): string {
  try {
    kstDay(text);
    return text;
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** A variable of a script that is not set leaves it empty. */
function parseBucket(text: string): string {
  if (text !== '') return text;
  throw new InvalidArgumentError('A bucket has a name.');
}

function parseHours(text: string): number {
  const hours = Number(text);
  if (text.trim() !== '' && hours >= 0 && hours <= MAX_HOURS) return hours;
  throw new InvalidArgumentError(`It takes a number of hours from 0 to ${MAX_HOURS}.`);
}
