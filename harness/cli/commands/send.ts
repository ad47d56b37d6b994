import { randomBytes } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { Argument, Command, Option } from 'commander';
import {
  type Encoding,
  eventsOf,
  type Post,
  play,
  type RetryPolicy,
  SENDERS,
  type SenderName,
  type Series,
  signatureHeaders,
  totalsOf,
} from '../../../fixtures/senders/index.ts';
import {
  createRandom,
  formatDuration,
  formatInstant,
  machine,
  parseDuration,
  parseInstant,
} from '../../clock/index.ts';
import { NaetmulError } from '../../errors.ts';
import { interruptible } from '../bench.ts';
import { controlClient, portOption } from '../options.ts';
import { describeBook } from '../sending/describe.ts';
import { createHttpSender, type Destination, type HttpSender } from '../sending/http.ts';
import {
  type PatienceOptions,
  parseAddress,
  parseConnections,
  parseCount,
  parseDurations,
  parseFactor,
  parseRate,
  parseShare,
  policyOf,
  readPem,
  refuseYears,
} from '../sending/options.ts';
import { createSendProgress } from '../sending/progress.ts';
import { benchTarget, type Target, urlTarget, WAYS, type Way } from '../sending/target.ts';
import { exitCode, print, printJson, say } from '../terminal.ts';

interface Options extends PatienceOptions {
  readonly count: number;
  readonly rate: number;
  readonly duplicates: number;
  readonly seed?: string;
  readonly at?: number;
  readonly spread?: number;
  readonly way: Way;
  readonly stack: string;
  readonly url?: string;
  readonly secret?: string;
  readonly format?: 'form' | 'json';
  readonly encoding?: Encoding;
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly connectTo?: { readonly host: string; readonly port: number };
  readonly concurrency: number;
  readonly port: number;
  readonly json?: boolean;
}

export function sendCommand(): Command {
  return new Command('send')
    .description('post webhooks as a sender does, who posts again what was not answered well')
    .addArgument(new Argument('<sender>', 'whose webhooks').choices(SENDERS))
    .addOption(new Option('--count <events>', 'how many events').argParser(parseCount).default(100))
    .addOption(new Option('--rate <events>', 'so many a second, or max').argParser(parseRate).default(50))
    .addOption(
      new Option('--duplicates <share>', 'how many are sent twice although the answer was good, such as 5%')
        .argParser(parseShare)
        .default(0),
    )
    .option('--seed <text>', 'the same seed makes the same events (default: another each time, and it is told)')
    .option('--at <instant>', 'when the first event happens: ISO 8601 with offset (default: now there)', parseInstant)
    .option(
      '--spread <duration>',
      'over what time they happen, such as 3d (default: as they are posted)',
      parseDuration,
    )
    .addOption(new Option('--way <way>', 'which way through the pipeline').choices(WAYS).default('gateway'))
    .option('--stack <name>', 'the stack that they go to', 'webhooks')
    .addOption(
      new Option(
        '--url <url>',
        'an endpoint anywhere instead of the bench’s; a user and password in it are sent as Basic authorization',
      ).conflicts(['way', 'stack']),
    )
    .addOption(
      new Option('--secret <text>', 'sign with it (default: --way signed takes the bench’s own)').env('NAETMUL_SECRET'),
    )
    .addOption(new Option('--format <format>', 'of adbrix (default: form)').choices(['form', 'json']))
    .addOption(new Option('--encoding <encoding>', 'of 050 (default: utf-8)').choices(['utf-8', 'euc-kr']))
    .option('--cert <file>', 'the certificate that the sender shows, in PEM')
    .option('--key <file>', 'its key')
    .option('--ca <file>', 'the authority that must vouch for the server')
    .option('--connect-to <host:port>', 'connect there, wherever the URL’s name leads to', parseAddress)
    .option('--timeout <duration>', 'how long to wait for an answer (default: as the sender)', parseDuration)
    .option('--retries <durations>', 'when to post again: 1s,5s,1m or none (default: as the sender)', parseDurations)
    .option('--retry-scale <factor>', 'wait by so much longer or shorter before posting again', parseFactor)
    .addOption(new Option('--accept <statuses>', 'what is success (default: as the sender)').choices(['200', '2xx']))
    .addOption(
      new Option('--concurrency <posts>', 'under way at once, at most').argParser(parseConnections).default(64),
    )
    .addOption(portOption())
    .option('--json', 'the sender’s whole book as JSON, for programs')
    .addHelpText(
      'after',
      `
What the events tell happens by the bench's clock, wherever that stands; they are posted by the machine's. Each sender
posts again in its own way, which may take hours: shorten it with --retries or --retry-scale. What is known of senders
and what is assumed, fixtures/senders/README.md says.

Exits with 1 when an event was given up, answered badly or not at all.`,
    )
    .action(send);
}

async function send(sender: SenderName, options: Options): Promise<void> {
  refuseForeign(sender, options);
  refuseHalf(options);
  const { url, secret: given, count, rate, duplicates, concurrency, seed = randomBytes(4).toString('hex') } = options;
  const target = url === undefined ? await benchTarget(controlClient(options), { ...options, sender }) : urlTarget(url);
  const secret = given ?? target.secret;
  if (options.way === 'signed' && !secret) {
    throw new NaetmulError('NO_SECRET', 'The stack does not tell what its senders sign with.', {
      remedy: 'Give the secret with --secret or in NAETMUL_SECRET.',
    });
  }
  const from = options.at ?? (await target.now());
  const series: Series = {
    seed,
    count,
    from,
    ...(options.spread === undefined ? { rate } : { spreadMs: options.spread }),
  };
  refuseYears(series);
  const policy = policyOf(sender, options);
  const http = createHttpSender(destinationOf(target, options), concurrency);
  const progress = createSendProgress(count, say);
  const interrupt = interruptible();
  const began = machine.monotonic();
  say(`${count} events of ${sender} to ${target.shown}, from ${formatInstant(from)} on; --seed ${seed}`);
  say(describePatience(policy));
  if (target.warning !== undefined) say(target.warning);
  try {
    const book = await play({
      events: eventsOf(sender, series, {
        ...(options.format === undefined ? {} : { format: options.format }),
        ...(options.encoding === undefined ? {} : { encoding: options.encoding }),
      }),
      post: poster(http, target, secret),
      clock: machine,
      random: createRandom(`send/${seed}`),
      pace: rate,
      concurrency,
      duplicates,
      policies: { [sender]: policy },
      signal: interrupt.signal,
      onPost: progress.posted,
    });
    // Of what was never posted nothing is known but how many there are: to make millions of them would take minutes.
    const totals = totalsOf(book.entries, count - book.entries.length);
    const ms = Math.round(machine.monotonic() - began);
    if (options.json) {
      const { entries, interrupted } = book;
      printJson({
        sender,
        url: target.shown,
        seed,
        from: formatInstant(from),
        ms,
        interrupted,
        totals,
        events: entries,
      });
    } else print(describeBook(book, totals, ms));
    if (totals.fates['given-up'] + totals.fates.unknown > 0) process.exitCode = exitCode.failed;
    if (book.interrupted) process.exitCode = exitCode.interrupted;
  } finally {
    progress.end();
    http.close();
    interrupt.dispose();
  }
}

/** What only another sender can do is not silently left out. */
function refuseForeign(sender: SenderName, { format, encoding }: Options): void {
  const own = { '050': 'a form', appsflyer: 'JSON in UTF-8', adbrix: 'a form or JSON in UTF-8' }[sender];
  const isFormat = format === undefined || sender === 'adbrix' || (format === 'form') === (sender === '050');
  if (isFormat && (encoding !== 'euc-kr' || sender === '050')) return;
  const asked = isFormat ? `--encoding ${encoding}` : `--format ${format}`;
  throw new NaetmulError('NOT_OF_SENDER', `${sender} posts ${own}, not with ${asked}.`, {
    remedy: `Leave ${asked} out.`,
  });
}

/** A certificate is worth nothing without its key, nor is a key without its certificate. */
function refuseHalf({ cert, key }: Options): void {
  if ((cert === undefined) === (key === undefined)) return;
  const [given, missing] = cert === undefined ? ['--key', '--cert'] : ['--cert', '--key'];
  throw new NaetmulError('TLS_FILES', `There is ${given}, but no ${missing}.`, {
    remedy: 'Give a certificate with --cert and the key that belongs to it with --key, or neither.',
  });
}

/** Errors: `FILE_UNREADABLE`, `TLS_FILES`. */
function destinationOf({ url, connectTo, caFile }: Target, options: Options): Destination {
  const to = options.connectTo ?? connectTo;
  const ca = options.ca ?? caFile;
  const tls = {
    ...(ca === undefined ? {} : { ca: readPem(ca) }),
    ...(options.cert === undefined ? {} : { cert: readPem(options.cert) }),
    ...(options.key === undefined ? {} : { key: readPem(options.key) }),
  };
  try {
    createSecureContext(tls);
  } catch (cause) {
    throw new NaetmulError('TLS_FILES', `The files for TLS cannot be used: ${(cause as Error).message}.`, {
      remedy: 'Give a certificate with --cert and the key that belongs to it with --key, both in PEM.',
      cause,
    });
  }
  return { url, ...(to ? { connectTo: to } : {}), tls };
}

/** Posts, signed where there is a secret. Where nothing was ever reached, it is the address that is wrong. */
function poster(http: HttpSender, target: Target, secret: string | undefined): Post {
  let isReached = false;
  return async ({ body, contentType }, { timeoutMs, signal }) => {
    const signature = secret === undefined ? {} : signatureHeaders(secret, body, await target.now());
    const answer = await http.post({ body, headers: { 'content-type': contentType, ...signature }, timeoutMs, signal });
    const isLost = 'outcome' in answer && answer.outcome === 'unreachable';
    if (!isLost) isReached = true;
    if (isReached || signal?.aborted) return answer;
    throw new NaetmulError('UNREACHABLE', `Nothing can be posted to ${target.shown}: ${answer.why}.`, {
      remedy: 'See whether a server runs there and whom it lets in; with TLS look at --ca, --cert and --key.',
    });
  };
}

function describePatience({ accepts, timeoutMs, retryAfterMs }: RetryPolicy): string {
  const success = `Success is ${accepts} within ${formatDuration(timeoutMs)}`;
  if (retryAfterMs.length === 0) return `${success}; nothing is sent again.`;
  return `${success}; what is worth it is sent again after ${retryAfterMs.map(formatDuration).join(', ')}.`;
}
