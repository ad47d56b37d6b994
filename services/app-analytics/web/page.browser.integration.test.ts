/** The page in a real Chromium, over a real OpenSearch. Collected only where there is a Chromium. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { nativeOpenSearch } from '../../../harness/engines/opensearch/index.ts';
import { startEngine } from '../../../harness/engines/testing.ts';
import type { WebServer } from '../../page-kit/server/listen.ts';
import { findChromium } from '../../page-kit/testing/chromium.ts';
import { campaignAt, sessionsBetween } from '../testing/events.ts';
import { clear, DEFAULT_TEMPLATE, send, store } from '../testing/search-server.ts';
import { ensurePage } from './build.ts';
import { readConfig } from './server/config.ts';
import { startServer } from './server/server.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

let dataDir: string;
let opensearch: Awaited<ReturnType<typeof startEngine>>;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium: install it, or name it in CHROMIUM.');
  dataDir = await mkdtemp(join(tmpdir(), 'analytics-page-'));
  // Root may not use Chromium's sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  [opensearch, browser, { folder }] = await Promise.all([
    startEngine(nativeOpenSearch(), dataDir),
    chromium.launch({ executablePath, args }),
    ensurePage(),
  ]);
});

afterEach(() => clear(opensearch.endpoint));

afterAll(async () => {
  await browser?.close();
  await opensearch?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function serve(port = 0, endpoint = opensearch.endpoint): Promise<WebServer> {
  const config = readConfig({ OPENSEARCH_ENDPOINT: endpoint, PORT: String(port) });
  return startServer(config, folder, () => undefined);
}

/** Opens the page; whatever it complains of in the console fails the test, as does anything fetched from elsewhere. */
async function open(server: WebServer, options: BrowserContextOptions = {}, isCalm = true): Promise<Page> {
  const context = await browser.newContext({ locale: 'ko-KR', timezoneId: 'Asia/Seoul', ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  const origin = `http://127.0.0.1:${server.port}`;
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('request', (request) => request.url().startsWith(origin) || complaints.push(`fetched ${request.url()}`));
  onTestFinished(async () => {
    await context.close();
    if (isCalm) expect(complaints).toEqual([]);
  });
  await page.goto(origin);
  return page;
}

async function opened(options: BrowserContextOptions = {}): Promise<Page> {
  const server = await serve();
  onTestFinished(() => server.close());
  return open(server, options);
}

const putTemplate = () => send(opensearch.endpoint, 'POST', '/_template/default_template', DEFAULT_TEMPLATE);
/** A campaign ten minutes ago, and two days of sessions; how many of them there are. */
async function fill(): Promise<number> {
  const now = Date.now();
  const events = [...campaignAt(now - 10 * MINUTE, 200), ...sessionsBetween(now - 48 * HOUR, now, 300)];
  const past = events.filter(({ arrival_timestamp: arrival }) => arrival < now);
  await store(opensearch.endpoint, past);
  return past.length;
}

test('events of the last 15 minutes are listed, and how many lie outside is said and can be seen', async () => {
  await putTemplate();
  const all = await fill();
  const page = await opened({ locale: 'en-GB' });
  await page.locator('.status[data-kind="calm"]').waitFor();
  expect(await page.getByRole('radio', { name: '15 min' }).getAttribute('aria-checked')).toBe('true');
  expect(await page.locator('.events .event').count()).toBe(50);
  const extent = await page.locator('#extent').innerText();
  const [, inside = '', outside = ''] =
    /^([\d,]+) in this range[\s\S]*?([\d,]+) outside it \([\d,]+ before\)/.exec(extent) ?? [];
  const numberOf = (text: string) => Number(text.replaceAll(',', ''));
  expect([numberOf(inside) > 0, numberOf(inside) + numberOf(outside)]).toEqual([true, all]);
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.locator('#extent', { hasText: `${all.toLocaleString('en-GB')} in this range` }).waitFor();
  await page.locator('#extent', { hasText: 'None lie outside it.' }).waitFor();
});

test('one type can be listed alone, and one event be looked at as a whole', async () => {
  await putTemplate();
  await fill();
  const page = await opened({ locale: 'en-GB' });
  await page.getByRole('button', { name: /^_email\.hardbounce/ }).click();
  await page.locator('#extent', { hasText: 'of _email.hardbounce in this range' }).waitFor();
  const types = await page.locator('.event .type').allInnerTexts();
  expect(new Set(types)).toEqual(new Set(['_email.hardbounce']));
  await page.locator('.event').first().click();
  const whole = await page.locator('.whole pre').innerText();
  expect(JSON.parse(whole)).toMatchObject({ event_type: '_email.hardbounce', event_version: '3.1' });
  // It stays open while the page goes on asking.
  await page.waitForResponse(/api\/events/);
  expect(await page.locator('.whole pre').innerText()).toBe(whole);
});

test('a field that is long is warned of, with OpenSearch’s own error and the way out', async () => {
  await fill();
  const page = await opened();
  await page.locator('.status[data-kind="alarm"]').waitFor();
  expect(await page.locator('.status').innerText()).toMatch(/^arrival_timestamp가 date가 아니라 long입니다\./);
  expect(await page.locator('.problem pre').allInnerTexts()).toEqual([
    'POST pinpoint*/_search\n{"query":{"range":{"arrival_timestamp":{"gte":"now-15m"}}}}',
    'query_shard_exception: failed to create query: For input string: "now-15m"',
    'naetmul analytics reindex',
  ]);
  expect(new Set(await page.locator('.indices .badge').allInnerTexts())).toEqual(new Set(['long']));
  await page.locator('.next.bad').waitFor();
  await putTemplate();
  await page.locator('.next.good').waitFor();
});

test('before the first event the page says whether a campaign may be sent', async () => {
  const page = await opened({ locale: 'en-GB' });
  await page.locator('.status[data-kind="alarm"]', { hasText: 'No events yet, and no index template' }).waitFor();
  await putTemplate();
  await page.locator('.status', { hasText: 'The index template is in place: a campaign may be sent.' }).waitFor();
  await store(opensearch.endpoint, campaignAt(Date.now() - 5 * MINUTE, 1).slice(0, 2));
  await page.locator('.event').nth(1).waitFor();
});

test('the page speaks Korean and English, is light and dark, and remembers', async () => {
  await putTemplate();
  const page = await opened({ colorScheme: 'dark' });
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const night = await background();
  expect(await page.evaluate('document.documentElement.lang')).toBe('ko');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).waitFor();
  expect(await background()).not.toBe(night);
  await page.reload();
  await page.getByRole('heading', { name: 'App events' }).waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  expect(await background()).not.toBe(night);
});

test('the range is chosen by key, and by two times', async () => {
  await putTemplate();
  const page = await opened({ locale: 'en-GB' });
  await page.getByRole('radio', { name: '15 min' }).focus();
  const asked = page.waitForRequest(/counts\?last=3600/);
  await page.keyboard.press('ArrowRight');
  await asked;
  await page.getByRole('radio', { name: 'Custom' }).click();
  await page.getByLabel('From').fill('2020-05-18T14:00:00');
  await page.getByLabel('To').fill('2020-05-18T15:00:00');
  const between = page.waitForRequest(/counts\?from=1589778000000&to=1589781600000/);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await between;
});

test('on a phone nothing is wider than the screen', async () => {
  await fill();
  const page = await opened(PHONE);
  await page.locator('.problem pre').first().waitFor();
  await page.locator('.event').first().click();
  await page.locator('.whole pre').waitFor();
  for (const language of ['ko', 'en']) {
    expect([language, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([language, 360]);
    await page.locator('#language').click();
  }
});

test('when OpenSearch is away the page says so, keeps what it has, and recovers', async () => {
  await putTemplate();
  await fill();
  const server = await serve();
  const page = await open(server, {}, false);
  await page.locator('.event').first().waitFor();
  await server.close();
  await page.locator('.status', { hasText: '서버와 연결이 끊겼습니다. 다시 시도하고 있습니다.' }).waitFor();
  const blind = await serve(server.port, 'http://127.0.0.1:9');
  await page.locator('.status', { hasText: 'OpenSearch가 응답하지 않습니다. 다시 시도하고 있습니다.' }).waitFor();
  expect(await page.locator('.event').count()).toBe(50);
  await blind.close();
  const back = await serve(server.port);
  onTestFinished(() => back.close());
  await page.locator('.status[data-kind="calm"]').waitFor();
});
