import { DescribeDomainCommand, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import { expect, scenario } from '../harness/kit/index.ts';

scenario(
  'an address outside the access policy is refused by the domain, and the delivery stream still delivers',
  async ({ aws, clock, appAnalytics, tell }) => {
    await clock.set('2022-01-27T14:48:25+09:00');
    const event = { event_type: 'level_up', arrival_timestamp: await clock.now() };

    await tell.step('From one’s own address the domain answers without a signature');
    expect((await appAnalytics.askDomain('GET', '/_cat/indices')).status).toBe(200);

    await tell.step('The policy is changed to another address');
    const { DomainStatus } = await aws.openSearch.send(new DescribeDomainCommand({ DomainName: 'pinpoint' }));
    const AccessPolicies = DomainStatus?.AccessPolicies?.replaceAll('127.0.0.1/32', '203.0.113.0/24') ?? '';
    expect(AccessPolicies).toContain('203.0.113.0/24');
    await aws.openSearch.send(new UpdateDomainConfigCommand({ DomainName: 'pinpoint', AccessPolicies }));

    await tell.step('Nobody comes in without a signature now, neither to read nor to write');
    for (const [method, action] of [
      ['GET', 'ESHttpGet'],
      ['DELETE', 'ESHttpDelete'],
    ] as const) {
      const refused = await appAnalytics.askDomain(method, '/pinpoint-2022-01-27');
      expect(refused.status).toBe(403);
      expect(refused.json.Message).toMatch(
        new RegExp(`^User: anonymous is not authorized to perform: es:${action}\\b`),
      );
      tell.figure(method, refused.text);
    }

    await tell.step('Firehose signs its requests: it delivers');
    await appAnalytics.put(event, event);
    await clock.advance('2m');
    expect(await appAnalytics.indices()).toEqual({ 'pinpoint-2022-01-27': 2 });
    expect(await appAnalytics.failedKeys()).toEqual([]);
  },
);
