import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { InvokeCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { machine } from '../../harness/clock/index.ts';
import { createFunction, EVENT, HANDLER, invocation, lambdaAt } from '../functions.ts';
import { mustSucceed, ratePerSecond } from '../load/run.ts';
import type { MeasureContext, Measurement, Readings } from '../measurement.ts';
import { median, quantile } from '../statistics.ts';

const NAME = 'bench';
const WARM_UP = 300;
const IN_FLIGHT = 16;

export const lambdaWarm: Measurement = {
  name: 'lambda-warm',
  title: 'Latency of a warm synchronous invocation of a Node function through the edge, p50 of each round',
  rival: 'the same handler called directly',
  unit: 'ms',
  target: { of: 'difference', atMost: 3 },
  measure: (context) => warm(context, 0.5),
};

export const lambdaWarmTail: Measurement = {
  name: 'lambda-warm-p99',
  title: 'The same, p99 of each round',
  rival: 'the same handler called directly',
  unit: 'ms',
  target: { of: 'difference', atMost: 10 },
  measure: (context) => warm(context, 0.99),
};

async function warm(context: MeasureContext, q: number): Promise<Readings> {
  const { rounds, amount, parts, progress } = context;
  const bench = await parts.naetmul();
  const lambda = lambdaAt(bench.edge);
  await createFunction(lambda, NAME, parts.folder('function'), HANDLER);
  lambda.destroy();
  const client = parts.loadClient();
  const sides = [invocation(bench.edge, NAME)];
  const { handler } = await import(`data:text/javascript,${encodeURIComponent(HANDLER)}`);
  progress('warming up');
  await client.run({ kind: 'latency', sides, count: WARM_UP });
  const ours: number[] = [];
  const rival: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    progress(`round ${round}: one invocation after the other`);
    const count = amount(1000, 100);
    const { sides: times } = await client.run({ kind: 'latency', sides, count });
    ours.push(quantile(times[0] ?? [], q));
    const direct: number[] = [];
    for (let n = 0; n < count; n++) {
      const began = machine.monotonic();
      JSON.stringify(await handler(JSON.parse(EVENT)));
      direct.push(machine.monotonic() - began);
    }
    rival.push(quantile(direct, q));
  }
  return { ours, rival };
}

export const lambdaCold: Measurement = {
  name: 'lambda-cold',
  title: 'A synchronous invocation that needs a new environment, from the request to the answer',
  rival: 'the whole life of `node -e 0`',
  unit: 'ms',
  target: { of: 'ratio', atMost: 2 },
  async measure({ rounds, amount, parts, progress }) {
    const bench = await parts.naetmul();
    const lambda = lambdaAt(bench.edge);
    await createFunction(lambda, NAME, parts.folder('function'), HANDLER);
    const cold = async (n: number) => {
      // A change of the configuration puts every warm environment out of use.
      const Environment = { Variables: { GENERATION: String(n) } };
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: NAME, Environment }));
      return await timed(() => lambda.send(new InvokeCommand({ FunctionName: NAME, Payload: EVENT })));
    };
    const bare = () => timed(() => once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit'));
    const ours: number[] = [];
    const rival: number[] = [];
    let generation = 0;
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round}: cold starts in turn with node -e 0`);
      const mine: number[] = [];
      const theirs: number[] = [];
      for (let n = 0; n < amount(10, 2); n++) {
        mine.push(await cold(++generation));
        theirs.push(await bare());
      }
      if (round === 0) continue;
      ours.push(median(mine));
      rival.push(median(theirs));
    }
    lambda.destroy();
    return { ours, rival };
  },
};

export const lambdaThroughput: Measurement = {
  name: 'lambda-16',
  title: `Synchronous invocations a second with ${IN_FLIGHT} in flight`,
  unit: '/s',
  async measure({ rounds, roundMs, parts, progress }) {
    const bench = await parts.naetmul();
    const lambda = lambdaAt(bench.edge);
    await createFunction(lambda, NAME, parts.folder('function'), HANDLER);
    lambda.destroy();
    const client = parts.loadClient();
    const requests = [{ request: invocation(bench.edge, NAME), times: 1 }];
    const ours: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round}: ${IN_FLIGHT} in flight`);
      const rate = ratePerSecond(await mustSucceed(client, { connections: IN_FLIGHT, requests, forMs: roundMs }));
      if (round > 0) ours.push(rate);
    }
    return { ours };
  },
};

export const lambdaRetries: Measurement = {
  name: 'lambda-retries',
  title: 'An asynchronous invocation that fails three times, with its waits of 1 and 2 minutes on the virtual clock',
  unit: 'ms',
  target: { of: 'ours', atMost: 1000 },
  async measure({ rounds, parts, progress }) {
    const bench = await parts.naetmul();
    const lambda = lambdaAt(bench.edge);
    await createFunction(
      lambda,
      NAME,
      parts.folder('function'),
      'export const handler = () => { throw new Error("no"); };\n',
    );
    await bench.control.orderClock({ order: 'hold' });
    const ours: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(`round ${round}: one and two minutes`);
      const ms = await timed(async () => {
        await lambda.send(new InvokeCommand({ FunctionName: NAME, InvocationType: 'Event', Payload: EVENT }));
        await bench.control.orderClock({ order: 'advance', ms: 60_000 });
        await bench.control.orderClock({ order: 'advance', ms: 120_000 });
      });
      const runs = (await bench.control.ledger(50)).filter(
        ({ where, what }) => where === `lambda/${NAME}` && what === 'noted',
      );
      if (runs.length < Math.min(3 * (round + 1), 9)) throw new Error(`Only ${runs.length} runs are in the ledger.`);
      if (round > 0) ours.push(ms);
    }
    lambda.destroy();
    return { ours };
  },
};

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = machine.monotonic();
  await work();
  return machine.monotonic() - began;
}
