import { readFileSync } from 'node:fs';
import { machine } from '../../harness/clock/index.ts';
import { createAwsClients } from '../../harness/kit/bench.ts';
import { createGasDetector, type GasDetector } from '../../harness/kit/gas-detector.ts';
import type { MeasureContext, Measurement, Readings } from '../measurement.ts';
import { quantile } from '../statistics.ts';

const WORKSHOP = JSON.parse(
  readFileSync(new URL('../../fixtures/gas-detector/workshop.json', import.meta.url), 'utf8'),
) as Record<string, unknown>;
/** Ms between two looks at OpenSearch. */
const LOOK_MS = 2;

export const gasDelivery: Measurement = {
  name: 'gas-delivery',
  title: 'From the post of a reading to its message at a subscriber (MQTT over TLS, QoS 1), p50 of each round',
  unit: 'ms',
  measure: (context) =>
    measure(context, context.amount(100, 10), async (gasDetector) => {
      const device = await gasDetector.connect({ clientId: 'pi-1', certificate: await gasDetector.certificate() });
      await device.subscribe(gasDetector.topic);
      return async () => {
        const before = device.received.length;
        const posted = gasDetector.post(reading());
        while (device.received.length === before) await machine.turn();
        const at = machine.monotonic();
        await posted;
        return at;
      };
    }),
};

export const gasSearchable: Measurement = {
  name: 'gas-searchable',
  title:
    'From the post of a reading until OpenSearch counts it, at its own refresh of once a second, p50 of each round',
  unit: 'ms',
  measure: (context) =>
    measure(context, context.amount(10, 2), async (gasDetector, opensearch) => {
      const count = async () => {
        const answer = await fetch(`${opensearch}/gasdetect/_count`);
        return answer.ok ? ((await answer.json()) as { count: number }).count : 0;
      };
      return async () => {
        const before = await count();
        await gasDetector.post(reading());
        while ((await count()) === before) await machine.sleep(LOOK_MS);
        return machine.monotonic();
      };
    }),
};

let number = 0;

/** Never the same twice: the same reading is stored once. */
function reading(): unknown {
  return { ...WORKSHOP, groupid: String(++number) };
}

/** Does one thing, and says when that was achieved which is measured. */
type Step = () => Promise<number>;

async function measure(
  { rounds, parts, progress }: MeasureContext,
  perRound: number,
  prepare: (gasDetector: GasDetector, opensearch: string | null) => Promise<Step>,
): Promise<Readings> {
  const bench = await parts.naetmul();
  const aws = createAwsClients(bench.edge);
  const gasDetector = await createGasDetector(bench.control, aws.iot);
  try {
    const step = await prepare(gasDetector, (await bench.control.status()).opensearch);
    const ours: number[] = [];
    const all: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round}: ${perRound} readings`);
      const times: number[] = [];
      for (let n = 0; n < perRound; n++) {
        const began = machine.monotonic();
        times.push((await step()) - began);
      }
      if (round === 0) continue;
      ours.push(quantile(times, 0.5));
      all.push(...times);
    }
    return { ours, notes: [`p99 of all ${all.length}: ${quantile(all, 0.99).toFixed(1)} ms`] };
  } finally {
    await gasDetector.close();
    aws.destroy();
  }
}
