import { test } from 'vitest';
import { machine } from '../clock/index.ts';
import { createControlClient } from '../control/client.ts';
import { createApis } from './api.ts';
import { createAppAnalytics } from './app-analytics.ts';
import { createAwsClients, createStoryClock } from './bench.ts';
import { createCollector } from './collector.ts';
import { describeEntry } from './describe.ts';
import { createEventually } from './eventually.ts';
import { createGasDetector } from './gas-detector.ts';
import { createIngest } from './ingest.ts';
import type { Story } from './story.ts';
import { createStreams } from './streams.ts';
import { createWebhooks } from './webhooks.ts';

export { describe, expect } from 'vitest';
export { createRandom } from '../clock/index.ts';
export { type ConservationReport, checkCopies, type Journey } from '../ledger/index.ts';
export { anotherBench } from './another-bench.ts';
export { type Apis, type DeployedApi, mockIntegration, putRecordIntegration } from './api.ts';
export type { AppAnalytics, FailedDocument } from './app-analytics.ts';
export { type Backend, echo, listenAs } from './backend.ts';
export type { AwsClients, StoryClock } from './bench.ts';
export type { CollectedEvent, Collector, Rows } from './collector.ts';
export { type Device, type DeviceCertificate, strangersCertificate } from './device.ts';
export { createFunction } from './function.ts';
export type { GasDetector } from './gas-detector.ts';
export type { Answer } from './http.ts';
export type { Ingest } from './ingest.ts';
export { type Meanwhile, meanwhile } from './meanwhile.ts';
export { residentMiB } from './memory.ts';
export type { Streams } from './streams.ts';
export type { Webhooks, WebhooksPipeline } from './webhooks.ts';

/** How many entries of the ledger the report shows of a failed scenario. */
const EXCERPT = 40;

/**
 * One story, told against a running bench. What it asks for by name it gets: `testbench` (the whole bench by remote
 * control), `clock`, the SDK clients in `aws`, the pipelines (`ingest`, `collector`, `gasDetector`, `appAnalytics`,
 * `webhooks`), `apis` and `streams` to make more of, `eventually`, `tell` to say what happens, and `needsToEnd` to say
 * which servers it stops or kills.
 *
 * Each story begins on a bench as just started, and ends with the ledger's books balanced: every event that was
 * accepted is stored, held, or named as lost.
 */
export const scenario = test
  .extend('testbench', { scope: 'worker' }, async () => {
    const edge = process.env.NAETMUL_URL;
    if (edge === undefined)
      throw new Error('No bench: run the scenarios with `make scenarios` or `naetmul scenarios`.');
    return createControlClient(edge);
  })
  .extend('aws', { scope: 'worker' }, async ({ testbench }, { onCleanup }) => {
    const aws = createAwsClients(testbench.edge);
    onCleanup(() => aws.destroy());
    return aws;
  })
  .extend('clock', { scope: 'worker' }, async ({ testbench }) => createStoryClock(testbench))
  .extend('eventually', { scope: 'worker' }, async ({ testbench }) => createEventually(testbench))
  .extend('story', { auto: true }, async ({ testbench, task, onTestFailed }, { onCleanup }) => {
    await testbench.reset();
    const story: Story = { steps: [], journeys: [], figures: [] };
    task.meta.story = story;
    onTestFailed(async () => {
      story.excerpt = (await testbench.ledger(EXCERPT)).map(describeEntry);
    });
    onCleanup(async () => {
      story.conservation = await testbench.check();
      if (!story.conservation.ok)
        throw new Error(`The books do not balance: ${JSON.stringify(story.conservation, null, 2)}`);
    });
    return story;
  })
  .extend('needsToEnd', async ({ testbench, skip }) => {
    /** Leaves the story out where one of these servers is somebody else's, which naetmul neither ends nor starts. */
    return async (...servers: readonly string[]): Promise<void> => {
      const { engines } = await testbench.status();
      const foreign = servers.find((name) => engines[name]?.source === 'external');
      if (foreign !== undefined) skip(`it ends ${foreign}, which is not naetmul's here`);
    };
  })
  .extend('tell', async ({ story, testbench }) => {
    const began = machine.monotonic();
    return {
      /** Says what happens next. */
      async step(text: string): Promise<void> {
        const { now } = await testbench.clock();
        story.steps.push({ text, at: now, after: Math.round(machine.monotonic() - began) });
      },
      /** Puts a number of the story into the report. */
      figure(name: string, value: string | number): void {
        story.figures.push({ name, value: String(value) });
      },
      /** Draws one event's journey in the report, and returns it. */
      async journey(title: string, id: string) {
        const journey = await testbench.trace(id);
        if (!journey) throw new Error(`The ledger knows nothing of "${id}".`);
        story.journeys.push({ title, journey });
        return journey;
      },
    };
  })
  .extend('ingest', async ({ testbench, aws, story }, { onCleanup }) => {
    void story; // The reset comes first: it makes new API ids.
    const ingest = await createIngest(testbench, aws.s3);
    onCleanup(() => ingest.close());
    return ingest;
  })
  .extend('apis', async ({ testbench, aws, story }, { onCleanup }) => {
    void story;
    const apis = createApis(aws.apiGateway, testbench.edge);
    onCleanup(() => apis.close());
    return apis;
  })
  .extend('streams', async ({ aws, story }) => {
    void story;
    return createStreams(aws.kinesis);
  })
  .extend('collector', async ({ testbench, aws, story }, { onCleanup }) => {
    void story;
    const collector = await createCollector(testbench, aws.sqs);
    onCleanup(() => collector.close());
    return collector;
  })
  .extend('gasDetector', async ({ testbench, aws, story }, { onCleanup }) => {
    void story;
    const gasDetector = await createGasDetector(testbench, aws.iot);
    onCleanup(() => gasDetector.close());
    return gasDetector;
  })
  .extend('appAnalytics', async ({ testbench, aws, story }, { onCleanup }) => {
    void story;
    const appAnalytics = await createAppAnalytics(testbench, aws);
    onCleanup(() => appAnalytics.close());
    return appAnalytics;
  })
  .extend('webhooks', async ({ testbench, aws, story }, { onCleanup }) => {
    void story;
    const webhooks = await createWebhooks(testbench, aws.s3);
    onCleanup(() => webhooks.close());
    return webhooks;
  });
