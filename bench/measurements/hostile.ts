import { readFileSync } from 'node:fs';
import { LARGE, TEMPLATES } from '../../fixtures/senders/hostile.ts';
import { machine } from '../../harness/clock/index.ts';
import { createApis, mockIntegration } from '../../harness/kit/api.ts';
import { echo, listenAs } from '../../harness/kit/backend.ts';
import { meanwhile } from '../../harness/kit/meanwhile.ts';
import type { Measurement } from '../measurement.ts';
import { residentMiB } from '../parts.ts';
import { formatNumber } from '../report.ts';
import { awsAt } from '../rivals.ts';

const FORM = 'application/x-www-form-urlencoded';
const SETTLE_MS = 10_000;
const careful = readFileSync(new URL('../../fixtures/mapping-templates/form-careful.vtl', import.meta.url), 'utf8');

export const memoryHostile: Measurement = {
  name: 'memory-hostile',
  title: `Resident memory of the harness’s process at its highest, while ${LARGE.length} hostile bodies of 10 MB come at once, again and again`,
  unit: 'MiB',
  async measure({ amount, parts, progress, signal }) {
    const bench = await parts.naetmul();
    const { pid } = await bench.control.health();
    const backend = parts.use(await listenAs(echo));
    const apis = createApis(parts.use(awsAt(bench.edge)).apiGateway, bench.edge);
    const http = (type: string, template: string) => ({
      type: 'HTTP' as const,
      integrationHttpMethod: 'POST',
      uri: backend.url,
      requestTemplates: { [type]: template },
    });
    const { url } = await apis.deploy({
      name: 'hostile',
      methods: [
        { path: '/form', integration: http(FORM, careful) },
        ...Object.entries(TEMPLATES).map(([name, template]) => ({
          path: `/${name}`,
          integration: http('application/json', template),
        })),
        { path: '/bystander', httpMethod: 'GET', integration: mockIntegration() },
      ],
    });
    const post = () =>
      Promise.all(
        LARGE.map(({ to, make, headers = {} }) =>
          apis.send('POST', `${url}/${to}`, {
            body: make(),
            contentType: to === 'form' ? FORM : 'application/json',
            headers,
          }),
        ),
      );

    const before = residentMiB(pid, 'VmRSS');
    const highest: number[] = [];
    const waits: number[] = [];
    for (let round = 1; round <= amount(5, 1); round++) {
      signal.throwIfAborted();
      progress(`round ${round}: ${LARGE.length} bodies of 10 MB at once`);
      const { longestMs } = await meanwhile(post, async () => void (await apis.send('GET', `${url}/bystander`)));
      waits.push(longestMs);
      highest.push(residentMiB(pid, 'VmHWM'));
    }
    apis.close();
    progress('letting it settle');
    await machine.sleep(SETTLE_MS, signal);
    return {
      ours: highest,
      notes: [
        `${formatNumber(before)} MiB before, ${formatNumber(residentMiB(pid, 'VmRSS'))} MiB ${SETTLE_MS / 1000} s after`,
        `Others waited ${formatNumber(Math.max(...waits))} ms at most`,
      ],
    };
  },
};
