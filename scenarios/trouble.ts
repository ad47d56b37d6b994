import { request } from 'node:http';
import { describe, expect, scenario } from '../harness/kit/index.ts';

const BODY = '{"value":"30","type":"Tip 3"}';
const TEN_MB = 10 * 1024 * 1024;
/** Fewer than a shard takes at once. */
const POSTS = 900;

describe('trouble at the door', () => {
  scenario(
    'malformed JSON, an empty body and a wrong type are answered as AWS does, and no record comes of them',
    async ({ clock, ingest, tell }) => {
      await clock.set('2022-01-27T14:48:25+09:00');

      await tell.step('A content type that no template is for: 415');
      const text = await ingest.post(BODY, { contentType: 'text/plain' });
      expect(text.status).toBe(415);
      expect(text.text).toBe('{"message":"Unsupported Media Type"}');

      await tell.step('A path and a method that the API does not have: 403, as if a token were missing');
      const elsewhere = await ingest.post(BODY, { url: `${ingest.url}/elsewhere` });
      expect(elsewhere.status).toBe(403);
      expect(elsewhere.text).toBe('{"message":"Missing Authentication Token"}');
      const fetched = await fetch(ingest.url);
      expect(fetched.status).toBe(403);
      expect(await fetched.text()).toBe('{"message":"Missing Authentication Token"}');

      await tell.step('A body that is no JSON, and none at all: 400');
      const malformed = await ingest.post('{"value":');
      const empty = await ingest.post('');
      tell.figure('malformed JSON', `${malformed.status} ${malformed.text}`);
      tell.figure('empty body', `${empty.status} ${empty.text}`);
      expect(malformed.status).toBe(400);
      expect(empty.status).toBe(400);

      await tell.step('A body of 10 MB and one byte: 413, and 10 MB is still read');
      const tooLong = await ingest.post(Buffer.alloc(TEN_MB + 1, '1'));
      expect(tooLong.status).toBe(413);
      expect(tooLong.text).toBe('{"message":"Request Too Long"}');

      await tell.step('None of these became a record; a good one after them does');
      const good = await ingest.post(BODY);
      expect(good.status).toBe(200);
      await clock.advance('5m');
      const keys = await ingest.keys();
      expect(keys).toHaveLength(1);
      expect((await ingest.object(keys[0] as string)).toString()).toBe(BODY);
    },
  );

  scenario(
    'a sender that hangs up in the middle of its body leaves nothing behind',
    async ({ testbench, clock, ingest, tell }) => {
      await clock.set('2022-01-27T14:48:25+09:00');
      await tell.step('The sender announces 1,000 bytes, sends ten and goes away');
      await new Promise<void>((resolve) => {
        const half = request(ingest.url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'content-length': 1000 },
        });
        half.on('error', () => undefined);
        half.on('close', resolve);
        half.write('{"value":"');
        half.flushHeaders();
        half.on('socket', (socket) => socket.on('connect', () => setImmediate(() => half.destroy())));
      });
      await clock.advance('5m');
      expect(await ingest.keys()).toEqual([]);
      expect(await testbench.check()).toMatchObject({ accepted: 0 });
    },
  );
});

describe('LocalStack is killed in the middle of a burst', () => {
  scenario(
    'every request that got a sequence number is stored, held, or named as lost with the reason',
    async ({ testbench, clock, eventually, ingest, needsToEnd, tell }) => {
      await needsToEnd('localstack');
      const before = await testbench.status();
      // Then it is not LocalStack's, and does not die with it.
      const streamLives = before.kinesis === 'naetmul';
      await clock.set('2022-01-27T14:48:25+09:00');

      await tell.step(`${POSTS} posts; after the first 500 answers LocalStack is killed`);
      let answered = 0;
      const posts = Array.from({ length: POSTS }, async (_, n) => {
        const answer = await ingest.post(JSON.stringify({ n }));
        if (++answered === 500) await testbench.orderEngine('kill', 'localstack');
        return answer;
      });
      const outcomes = await Promise.allSettled(posts);
      const answers = outcomes.filter((outcome) => outcome.status === 'fulfilled').map((outcome) => outcome.value);
      const accepted = answers.filter((answer) => answer.status === 200);
      tell.figure('accepted', accepted.length);
      tell.figure('answered with an error', answers.length - accepted.length);
      tell.figure('without an answer', outcomes.length - answers.length);
      if (streamLives) {
        expect(accepted).toHaveLength(POSTS);
      } else {
        expect(accepted.length).toBeGreaterThanOrEqual(500);
        expect(accepted.length).toBeLessThan(POSTS);
      }

      await tell.step('It is started again, and its bucket and roles are made again, and its stream if it had one');
      const after = await eventually(
        async () => {
          const status = await testbench.status();
          expect(status.ready).toBe(true);
          // Another process, or another container.
          expect(status.engines.localstack).not.toEqual(before.engines.localstack);
          return status;
        },
        { within: 60_000 },
      );
      expect(after.pipelines).toEqual(before.pipelines);

      await tell.step('The same URL works again, and what is posted now arrives');
      const again = await eventually(async () => {
        const answer = await ingest.post('{"n":"after"}');
        expect(answer.status).toBe(200);
        return answer;
      });
      await clock.advance('10m');
      await eventually(async () => {
        const contents = await Promise.all((await ingest.keys()).map((key) => ingest.object(key)));
        expect(Buffer.concat(contents).toString()).toContain('{"n":"after"}');
      });
      await tell.journey('The first record after the return', again.json.SequenceNumber);

      await tell.step(
        'The books: nothing is unaccounted for, and what was lost with a stream is named with the reason',
      );
      const books = await testbench.check();
      expect(books.missing).toBe(0);
      expect(books.accepted).toBeGreaterThanOrEqual(accepted.length + 1);
      expect(books.stored + books.held + books.lost).toBe(books.accepted);
      if (streamLives) expect(books.stored).toBe(books.accepted);
      for (const loss of books.losses) expect(loss.reason).toContain('LocalStack died');
      for (const answer of accepted) expect(await testbench.trace(answer.json.SequenceNumber)).toBeDefined();
      tell.figure('stored', books.stored);
      tell.figure('held', books.held);
      tell.figure('lost', books.lost);
    },
  );
});
