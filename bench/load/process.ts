/** The load client's own process: takes jobs from its parent, one at a time, and answers with what came of them. */
import { machine } from '../../harness/clock/index.ts';
import { type Answer, Connection, type PreparedRequest, prepare } from './connection.ts';
import type {
  Job,
  LatencyJob,
  LatencyResult,
  Outcome,
  PacedJob,
  PacedResult,
  ResultOf,
  ThroughputJob,
  ThroughputResult,
} from './jobs.ts';

/** How much of a bad answer is told. */
const EXCERPT = 1000;

async function throughput(job: ThroughputJob): Promise<ThroughputResult> {
  const requests = job.requests.map(({ request, times }) => ({ prepared: prepare(request), times }));
  const connections = Array.from({ length: job.connections }, () => new Connection());
  let ok = 0;
  let failed = 0;
  let firstFailure: string | undefined;
  const started = machine.monotonic();
  const deadline = job.forMs === undefined ? undefined : started + job.forMs;
  const next = sequence(requests, () => deadline !== undefined && machine.monotonic() < deadline);
  const fail = (why: string): void => {
    failed++;
    firstFailure ??= why.slice(0, EXCERPT);
  };
  await Promise.all(
    connections.map(async (connection) => {
      for (let request = next(); request !== undefined; request = next()) {
        try {
          const answer = await connection.send(request);
          if (isGood(answer)) ok++;
          else fail(answer.text);
        } catch (error) {
          fail(String(error));
        }
      }
      connection.close();
    }),
  );
  const ms = machine.monotonic() - started;
  return { ok, failed, ms, ...(firstFailure === undefined ? {} : { firstFailure }) };
}

/** With `goOn` true at the start the sequence never ends by itself; else it is given once. */
function sequence(
  requests: readonly { readonly prepared: PreparedRequest; readonly times: number }[],
  goOn: () => boolean,
): () => PreparedRequest | undefined {
  const endless = goOn();
  let at = 0;
  let sent = 0;
  return () => {
    if (endless && !goOn()) return undefined;
    if (endless) at %= requests.length;
    const current = requests[at];
    if (current === undefined) return undefined;
    if (++sent === current.times) {
      at++;
      sent = 0;
    }
    return current.prepared;
  };
}

async function latency(job: LatencyJob): Promise<LatencyResult> {
  const sides = job.sides.map((side) => ({
    request: prepare(side),
    connection: new Connection(),
    times: [] as number[],
  }));
  for (let round = 0; round < job.count; round++) {
    // Who goes first alternates too, so that neither side is always the one behind the other.
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const started = machine.monotonic();
      const answer = await side.connection.send(side.request);
      side.times.push(machine.monotonic() - started);
      if (!isGood(answer)) throw new Error(`Not a good answer: ${answer.text.slice(0, EXCERPT)}`);
    }
  }
  for (const { connection } of sides) connection.close();
  return { sides: sides.map(({ times }) => times) };
}

async function paced({ request, perSecond, forMs }: PacedJob): Promise<PacedResult> {
  const prepared = prepare(request);
  const idle: Connection[] = [];
  const times: number[] = [];
  const send = async (): Promise<void> => {
    const connection = idle.pop() ?? new Connection();
    const began = machine.monotonic();
    const answer = await connection.send(prepared);
    times.push(machine.monotonic() - began);
    if (!isGood(answer)) throw new Error(`Not a good answer: ${answer.text.slice(0, EXCERPT)}`);
    idle.push(connection);
  };
  const sent: Promise<void>[] = [];
  const started = machine.monotonic();
  const count = Math.round((perSecond * forMs) / 1000);
  for (let n = 0; n < count; n++) {
    const early = started + (n * 1000) / perSecond - machine.monotonic();
    if (early > 0) await machine.sleep(early);
    sent.push(send());
  }
  await Promise.all(sent);
  for (const connection of idle) connection.close();
  return { times };
}

/** A batch that was taken in part is not taken. */
function isGood({ status, text }: Answer): boolean {
  return status === 200 && !/"Failed(Put|Record)Count": *[1-9]/.test(text);
}

async function done(job: Job): Promise<ResultOf<Job>> {
  if (job.kind === 'latency') return await latency(job);
  if (job.kind === 'throughput') return await throughput(job);
  if (job.kind === 'paced') return await paced(job);
  const { fanOut } = await import('./fan-out.ts');
  return await fanOut(job);
}

process.on('message', async (job: Job) => {
  let outcome: Outcome;
  try {
    outcome = { result: await done(job) };
  } catch (error) {
    outcome = { error: String(error) };
  }
  process.send?.(outcome);
});
process.on('disconnect', () => process.exit());
