import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { eventsOf, type Answer as Outcome, type SentEvent, signatureHeaders } from '../fixtures/senders/index.ts';
import { type Answer, describe, expect, scenario, type WebhooksPipeline } from '../harness/kit/index.ts';
import type { WebhookRecord } from '../services/webhooks/record.ts';

const BEGIN = '2022-01-27T14:48:25+09:00';
const OLD_SECRET = 'the-secret-of-last-year';
const NEW_SECRET = 'the-secret-of-this-year';
const ANOTHERS_SECRET = 'the-secret-of-somebody-else';

const eventsAt = (from: number, count: number): readonly SentEvent[] => [
  ...eventsOf('appsflyer', { seed: 'trust', count, from, rate: 1 }),
];

/** What was stored, without what the API adds. */
const contents = (stored: readonly WebhookRecord[]) => stored.map(({ sender, via, event }) => ({ sender, via, event }));

describe('the signed way', () => {
  scenario('what is signed rightly comes in once, and nothing else does', async ({ apis, clock, tell, webhooks }) => {
    await clock.set(BEGIN);
    const during = await webhooks.another('rotating', {
      SigningSecrets: `${OLD_SECRET},${NEW_SECRET}`,
      Search: 'false',
    });
    const now = await clock.now();
    const [first, second, third, fourth] = eventsAt(now, 4) as [SentEvent, SentEvent, SentEvent, SentEvent];
    const post = (
      { body, contentType }: Pick<SentEvent, 'body' | 'contentType'>,
      headers: Readonly<Record<string, string>>,
      { stack = during, sender = 'appsflyer' } = {},
    ): Promise<Answer> => apis.send('POST', stack.urlOf(sender, 'signed'), { body, contentType, headers });
    const signed = ({ body }: SentEvent, secret = NEW_SECRET, at = now) => signatureHeaders(secret, body, at);
    const receipt = { SequenceNumber: expect.stringMatching(/^\d{56}$/), ShardId: 'shardId-000000000000' };

    await tell.step('While secrets are changed, one sender signs with the new one, another still with the old one');
    const taken = await post(first, signed(first));
    expect([taken.status, taken.json]).toEqual([200, receipt]);
    expect(await post(second, signed(second, OLD_SECRET))).toMatchObject({ status: 200, json: receipt });

    await tell.step('Whoever has no secret, or takes hold of a message and changes it, is refused');
    const { 'X-Signature': signature = '', 'X-Signature-Timestamp': timestamp = '' } = signed(third);
    const changed = Buffer.from(third.body);
    changed[changed.indexOf('1')] = '2'.charCodeAt(0);
    const refusals: readonly [string, Promise<Answer>, string][] = [
      ['signed with another secret', post(third, signed(third, ANOTHERS_SECRET)), 'The signature is wrong.'],
      ['one byte changed', post({ ...third, body: changed }, signed(third)), 'The signature is wrong.'],
      ['the signature of another message', post(third, signed(first)), 'The signature is wrong.'],
      [
        'a later time stamp than the one that was signed',
        post(third, { 'X-Signature': signature, 'X-Signature-Timestamp': `${Number(timestamp) + 1}` }),
        'The signature is wrong.',
      ],
      ['no signature', post(third, { 'X-Signature-Timestamp': timestamp }), 'The header X-Signature is missing.'],
      ['no time stamp', post(third, { 'X-Signature': signature }), 'The header X-Signature-Timestamp is missing.'],
      [
        'signed 301 seconds ago',
        post(third, signed(third, NEW_SECRET, now - 301_000)),
        'X-Signature-Timestamp is more than 300 seconds from now.',
      ],
      [
        'signed 301 seconds ahead',
        post(third, signed(third, NEW_SECRET, now + 301_000)),
        'X-Signature-Timestamp is more than 300 seconds from now.',
      ],
    ];
    for (const [what, answer, message] of refusals) {
      const { status, json } = await answer;
      expect([what, status, json]).toEqual([what, 401, { message }]);
      tell.figure(what, `${status} ${message}`);
    }

    await tell.step('A request that was overheard and is sent again is answered as the first time, and writes nothing');
    const again = await post(first, signed(first));
    expect([again.status, again.text]).toEqual([200, taken.text]);
    tell.figure('sent again', `${again.status} ${again.text}`);

    await tell.step('The path is not signed: a copy may be written as another sender’s, once, and uses nothing up');
    const asAnothers = await post(first, signed(first), { sender: 'adbrix' });
    expect([asAnothers.status, asAnothers.json]).toEqual([200, receipt]);
    for (const [sender, before] of [
      ['adbrix', asAnothers],
      ['appsflyer', taken],
    ] as const) {
      expect((await post(first, signed(first), { sender })).text).toBe(before.text);
    }

    await tell.step('After five minutes it is too old for any path');
    await clock.advance('301s');
    const tooLate = await post(first, signed(first));
    expect([tooLate.status, tooLate.json]).toEqual([
      401,
      { message: 'X-Signature-Timestamp is more than 300 seconds from now.' },
    ]);

    await tell.step('When all senders have the new secret, the old one is good for nothing');
    const after = await webhooks.another('rotated', { SigningSecrets: NEW_SECRET, Search: 'false' });
    const later = await clock.now();
    const old = await post(third, signed(third, OLD_SECRET, later), { stack: after });
    expect([old.status, old.json]).toEqual([401, { message: 'The signature is wrong.' }]);
    expect((await post(fourth, signed(fourth, NEW_SECRET, later), { stack: after })).status).toBe(200);

    await tell.step('In S3 is what was rightly signed, once each');
    await clock.advance('5m');
    const of = ({ sender, event }: SentEvent) => ({ sender, via: 'signed', event });
    const copy = { ...first, sender: 'adbrix' } as const;
    expect(contents(await during.stored())).toEqual([first, second, copy].map(of));
    expect(contents(await after.stored())).toEqual([fourth].map(of));
  });
});

/** A folder of certificates, as `naetmul cert` makes them. */
function certificates(webhooks: WebhooksPipeline, folder: string) {
  const make = async (...args: readonly string[]) => {
    const { exitCode, stderr } = await webhooks.command('cert', ...args);
    if (exitCode !== 0) throw new Error(stderr);
  };
  const read = (...path: readonly string[]) => readFileSync(join(folder, ...path), 'utf8');
  return {
    async authority(name: string): Promise<string> {
      await make('ca', '--out', join(folder, name), '--from', '2022-01-01T00:00:00+09:00');
      return read(name, 'ca.pem');
    },
    /** Good for so many days from the beginning of 2022. */
    async client(authority: string, name: string, days: number): Promise<{ cert: string; key: string }> {
      const out = join(folder, authority);
      await make('client', name, '--out', out, '--from', '2022-01-01T00:00:00+09:00', '--days', String(days));
      return { cert: read(authority, `${name}.pem`), key: read(authority, `${name}.key`) };
    },
  };
}

describe('mutual TLS', () => {
  scenario(
    'only senders with a certificate of our authority come in, and only as long as it is valid',
    async ({ apis, aws, clock, onTestFinished, tell, testbench, webhooks }) => {
      await clock.set(BEGIN);
      const folder = mkdtempSync(join(tmpdir(), 'naetmul-senders-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const { authority, client } = certificates(webhooks, folder);

      await tell.step('An authority of our own signs a certificate for the sender; its own goes into the truststore');
      await aws.s3.send(
        new PutObjectCommand({ Bucket: webhooks.bucket, Key: 'truststore/ca.pem', Body: await authority('ours') }),
      );
      const right = await client('ours', 'appsflyer', 60);
      const expired = await client('ours', 'adbrix', 20);
      await authority('theirs');
      const strangers = await client('theirs', 'appsflyer', 60);

      const closed = await webhooks.another('closed', {
        Search: 'false',
        DomainName: 'hooks.example.com',
        CertificateArn: 'arn:aws:acm:ap-northeast-2:000000000000:certificate/11111111-2222-3333-4444-555555555555',
        TruststoreUri: `s3://${webhooks.bucket}/truststore/ca.pem`,
      });
      expect(closed.url).toBe('https://hooks.example.com');
      const { customDomains } = await testbench.status();
      if (customDomains === null) throw new Error('No custom domain name answers.');
      const { host, port, ca } = customDomains;
      const post = (event: SentEvent, shown?: { readonly cert: string; readonly key: string }): Promise<Outcome> => {
        const connection = { connectTo: { host, port }, tls: { ca: readFileSync(ca, 'utf8'), ...shown } };
        return closed.poster({ connection })(event, { timeoutMs: 10_000, signal: undefined });
      };
      const [first, second, third] = eventsAt(await clock.now(), 3) as [SentEvent, SentEvent, SentEvent];

      await tell.step('With its certificate the sender comes in');
      expect(await post(first, right)).toMatchObject({ status: 200 });

      await tell.step('Nobody else does');
      const refused = { status: 403, why: '{"message":"Forbidden"}' };
      const attempts: readonly [string, Promise<Outcome>, object][] = [
        ['no certificate', post(second), { outcome: expect.stringMatching(/^(unreachable|broken)$/) }],
        ['a certificate of the same name by another authority', post(second, strangers), refused],
        ['a certificate that ended six days ago', post(second, expired), refused],
        [
          'right certificate, at the API’s own address',
          apis
            .send('POST', `${testbench.edge}/_aws/execute-api/${closed.apiId}/${closed.stage}/appsflyer`, {
              body: second.body,
            })
            .then(({ status, text }) => ({ status, why: text })),
          refused,
        ],
      ];
      for (const [what, attempt, expected] of attempts) {
        const outcome = await attempt;
        expect([what, outcome]).toEqual([what, expect.objectContaining(expected)]);
        tell.figure(
          what,
          'status' in outcome ? `${outcome.status} ${outcome.why}` : `${outcome.outcome}: ${outcome.why}`,
        );
      }

      await tell.step('On the last day its certificate is still good; a day later the sender needs a new one');
      await clock.set('2022-03-01T23:00:00+09:00');
      expect(await post(third, right)).toMatchObject({ status: 200 });
      await clock.set('2022-03-02T23:00:00+09:00');
      expect(await post(second, right)).toMatchObject(refused);
      expect(await post(second, await client('ours', 'appsflyer-of-march', 90))).toMatchObject({ status: 200 });

      await tell.step('In S3 is what came with the right certificate');
      await clock.advance('5m');
      const of = ({ sender, event }: SentEvent) => ({ sender, via: 'gateway', event });
      expect(contents(await closed.stored())).toEqual([first, third, second].map(of));
    },
  );
});
