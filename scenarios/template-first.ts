import { PutEventsCommand } from '@aws-sdk/client-pinpoint';
import { type AppAnalytics, type AwsClients, expect, scenario } from '../harness/kit/index.ts';

const EVENTS = 20;
const LAST_15_MINUTES = {
  query: { range: { arrival_timestamp: { gte: 'now-15m' } } },
  sort: [{ arrival_timestamp: 'asc' }],
  size: 100,
};
const TEMPLATE = '/_template/default_template';

/** What an app reports: one event of each of so many endpoints. */
async function report({ pinpoint }: AwsClients, ApplicationId: string, at: number): Promise<void> {
  const Timestamp = new Date(at).toISOString();
  const BatchItem = Object.fromEntries(
    Array.from({ length: EVENTS }, (_, n) => [
      `endpoint-${n}`,
      { Endpoint: {}, Events: { [`event-${n}`]: { EventType: 'level_up', Timestamp, Metrics: { level: n } } } },
    ]),
  );
  const { EventsResponse } = await pinpoint.send(new PutEventsCommand({ ApplicationId, EventsRequest: { BatchItem } }));
  for (const result of Object.values(EventsResponse?.Results ?? {})) {
    for (const { StatusCode } of Object.values(result.EventsItemResponse ?? {})) expect(StatusCode).toBe(202);
  }
}

/** The type that an index has given the field, as its mapping says. */
async function typeOf(appAnalytics: AppAnalytics, index: string): Promise<string> {
  const { json } = await appAnalytics.ask('GET', `/${index}/_mapping/field/arrival_timestamp`);
  const [{ mappings }] = Object.values(json) as [
    { mappings: Record<string, { mapping: Record<string, { type: string }> }> },
  ];
  return mappings.arrival_timestamp?.mapping.arrival_timestamp?.type ?? 'none';
}

scenario(
  'with the template, the arrival is a date: the last 15 minutes can be asked for, and events sorted',
  async ({ aws, clock, appAnalytics, tell }) => {
    const now = await clock.now();
    await clock.set(new Date(now).toISOString());

    await tell.step('An app reports events; a minute and the buffer later they are in the index of the day');
    await report(aws, appAnalytics.applicationId, now);
    await clock.advance('2m');
    const [[index, documents] = []] = Object.entries(await appAnalytics.indices());
    expect(documents).toBe(EVENTS);
    expect(index).toBe(`pinpoint-${new Date(now).toISOString().slice(0, 10)}`);
    expect(await typeOf(appAnalytics, index ?? '')).toBe('date');

    await tell.step('"The last 15 minutes" finds them all, sorted');
    const { status, json } = await appAnalytics.ask('POST', '/pinpoint*/_search', LAST_15_MINUTES);
    expect(status).toBe(200);
    expect(json.hits.hits).toHaveLength(EVENTS);
    const times = json.hits.hits.map(({ sort }: { sort: number[] }) => sort[0]);
    expect(times).toEqual(times.toSorted((a: number, b: number) => a - b));

    await tell.step('So does the command');
    const shown = await appAnalytics.command('--last', '15m');
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain('None lie outside');
    tell.figure('naetmul analytics', shown.stdout.split('\n')[0] ?? '');
  },
);

scenario(
  'without the template the arrival is a long for good, the query fails, and making the index anew is the way out',
  async ({ aws, clock, appAnalytics, tell }) => {
    const now = await clock.now();
    await clock.set(new Date(now).toISOString());

    await tell.step('The template is not there when the first event comes');
    const template = (await appAnalytics.askDomain('GET', TEMPLATE)).json.default_template;
    expect((await appAnalytics.askDomain('DELETE', TEMPLATE)).status).toBe(200);
    await report(aws, appAnalytics.applicationId, now);
    await clock.advance('2m');
    const [index = ''] = Object.keys(await appAnalytics.indices());
    expect(await typeOf(appAnalytics, index)).toBe('long');

    await tell.step('OpenSearch does not know what "now-15m" is for a long');
    const refused = await appAnalytics.ask('POST', '/pinpoint*/_search', LAST_15_MINUTES);
    expect(refused.status).toBe(400);
    const [cause] = refused.json.error.root_cause;
    expect(cause).toMatchObject({
      type: 'query_shard_exception',
      reason: 'failed to create query: For input string: "now-15m"',
    });
    tell.figure('OpenSearch’s answer', cause.reason);
    const shown = await appAnalytics.command();
    expect(shown.stdout).toContain('long');

    await tell.step('The template is put in place now: for this index it is too late, and its type cannot be changed');
    expect((await appAnalytics.askDomain('PUT', TEMPLATE, template)).status).toBe(200);
    expect((await appAnalytics.ask('POST', '/pinpoint*/_search', LAST_15_MINUTES)).status).toBe(400);
    const changed = await appAnalytics.ask('PUT', `/${index}/_mapping`, {
      properties: { arrival_timestamp: { type: 'date', format: 'epoch_millis' } },
    });
    expect(changed.status).toBe(400);
    expect(changed.json.error.reason).toBe('mapper [arrival_timestamp] cannot be changed from type [long] to [date]');

    await tell.step('One command makes the index anew, under the old name');
    const reindexed = await appAnalytics.command('reindex');
    expect(reindexed.exitCode, reindexed.stderr).toBe(0);
    expect(await typeOf(appAnalytics, index)).toBe('date');
    const { json } = await appAnalytics.ask('POST', `/${index}/_search`, LAST_15_MINUTES);
    expect(json.hits.hits).toHaveLength(EVENTS);

    await tell.step('And the stream goes on into it');
    await report(aws, appAnalytics.applicationId, await clock.now());
    await clock.advance('2m');
    expect(await appAnalytics.failedKeys()).toEqual([]);
    await appAnalytics.ask('POST', `/${index}/_refresh`);
    expect((await appAnalytics.ask('GET', `/${index}/_count`)).json.count).toBe(2 * EVENTS);
  },
);
