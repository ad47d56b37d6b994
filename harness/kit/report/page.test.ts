import { expect, test } from 'vitest';
import { renderPage, type Told } from './page.ts';

const PASSED: Told = {
  file: 'scenarios/one-curl.ts',
  name: 'one curl',
  state: 'passed',
  durationMs: 1234,
  errors: [],
  story: {
    steps: [{ text: 'Somebody types <curl>', at: '2022-01-27T05:48:25.000Z', after: 3 }],
    figures: [{ name: 'objects', value: '1' }],
    journeys: [
      {
        title: 'The record',
        journey: {
          id: 'record/stream/1',
          steps: [
            { n: 1, t: 0, where: 'apigateway/ingest', what: 'received', events: 1 },
            { n: 2, t: 60_000, where: 'firehose/delivery', what: 'stored', events: 1, into: ['object/bucket/key'] },
          ],
        },
      },
    ],
    conservation: {
      ok: true,
      accepted: 3,
      stored: 2,
      consumed: 0,
      backedUp: 0,
      deadLettered: 0,
      dropped: 0,
      held: 0,
      lost: 1,
      missing: 0,
      unexpected: 0,
      duplicates: 0,
      heldBy: [],
      losses: [{ reason: 'LocalStack died', count: 1, examples: [] }],
      examples: { missing: [], unexpected: [] },
    },
  },
};

test('the page tells each story: its steps, figures, journey and books', () => {
  const html = renderPage([PASSED], 'localstack 4.9.2 (native)');
  expect(html).toContain('<title>All 1 scenarios passed – naetmul</title>');
  expect(html).toContain('on localstack 4.9.2 (native)');
  expect(html).toContain('Somebody types &lt;curl&gt;');
  expect(html).toContain('3 accepted = 2 stored + 1 lost');
  expect(html).toContain('1 lost: LocalStack died');
  expect(html.match(/<circle /g)).toHaveLength(2);
});

test('what was not possible is not counted as passed, and says why', () => {
  const leftOut: Told = { ...PASSED, state: 'skipped', notPossible: 'it ends <mysql>' };
  const html = renderPage([PASSED, leftOut], '');
  expect(html).toContain('<title>1 of 2 scenarios passed, the others were left out – naetmul</title>');
  expect(html).toContain('Not possible: it ends &lt;mysql&gt;');
});

test('what failed is open, with the error free of terminal colours and of markup', () => {
  const failed: Told = { ...PASSED, state: 'failed', errors: ['\u001b[31mexpected <b>1</b>\u001b[39m'] };
  const html = renderPage([PASSED, failed], '');
  expect(html).toContain('1 of 2 scenarios failed');
  expect(html).toContain('<details class="scenario failed" open>');
  expect(html).toContain('<pre>expected &lt;b&gt;1&lt;/b&gt;</pre>');
});

test('the page needs nothing from elsewhere', () => {
  expect(renderPage([PASSED], '')).not.toMatch(/<script|src=|href=|@import|url\(/);
});
