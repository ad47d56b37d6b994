/** The page in a real Chromium, over a real OpenSearch and a real broker. Collected only where there is a Chromium. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { createEngines, engineContext, openRun, type RunningEngine } from '../../../harness/engines/index.ts';
import type { WebServer } from '../../page-kit/server/listen.ts';
import { findChromium } from '../../page-kit/testing/chromium.ts';
import { ensurePage } from './build.ts';
import { readConfig } from './server/config.ts';
import { startServer } from './server/server.ts';
import { startBroker, type TestBroker } from './testing/broker.ts';
import { readingAt, readingsOf } from './testing/readings.ts';
import { putTemplate, store } from './testing/search-server.ts';

const DETECTORS = ['1', '2', '3', '4'];
const HOUR = 3_600_000;
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

let run: ReturnType<typeof openRun>;
let opensearch: RunningEngine;
let browser: Browser;
let broker: TestBroker;
let folder: string;
let index: string;
let indices = 0;

beforeAll(async () => {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('There is no Chromium: install it, or name it in CHROMIUM.');
  run = openRun();
  const engine = createEngines({ stack: 'native' }).find(({ name }) => name === 'opensearch');
  if (engine === undefined) throw new Error('there is no engine named opensearch');
  const { signal } = new AbortController();
  const context = engineContext('opensearch', run, { offline: false, signal, progress: () => undefined });
  // Root may not use Chromium's sandbox.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  [opensearch, browser, { folder }] = await Promise.all([
    engine.start(context),
    chromium.launch({ executablePath, args }),
    ensurePage(),
  ]);
  console.info(`The browser is Chromium ${browser.version()}, ${executablePath}`);
  await putTemplate(opensearch.endpoint, 'gas*');
});

beforeEach(async () => {
  indices += 1;
  index = `gas-${indices}`;
  broker = await startBroker();
  onTestFinished(() => broker.stop());
});

afterAll(async () => {
  await browser?.close();
  await opensearch?.stop();
  run?.close();
});

async function serve(port = 0, endpoint = opensearch.endpoint): Promise<WebServer> {
  const config = readConfig({
    OPENSEARCH_ENDPOINT: endpoint,
    OPENSEARCH_INDEX: index,
    MQTT_URL: broker.url,
    PORT: String(port),
  });
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

const textOf = (page: Page, selector: string) => page.locator(selector).innerText();
const fill = (hours = 1) => {
  const now = Date.now();
  return store(opensearch.endpoint, index, readingsOf(DETECTORS, now - hours * HOUR, now - 1_000, 30_000));
};

test('a value of 88 that is stored and announced appears as a warning, without a reload', async () => {
  await store(opensearch.endpoint, index, [readingAt('2', Date.now() - 60_000, { no2: '87.99' })]);
  const page = await opened();
  await page.locator('.live-state[data-state="on"]').waitFor();
  await page.locator('.status[data-kind="calm"]').waitFor();
  expect(await page.locator('.value.alarm').count()).toBe(0);
  await store(opensearch.endpoint, index, [readingAt('2', Date.now(), { no2: '88' })]);
  await broker.publish('pi/1', { warning: 'no2 warning' });
  await broker.publish('pi/1', { msg: 'success' });
  await page.locator('.messages .warning').waitFor();
  expect(await page.locator('.messages li .text').allInnerTexts()).toEqual(['success', 'no2 warning']);
  await page.locator('.status[data-kind="alarm"]').waitFor();
  expect(await textOf(page, '.status')).toMatch(/^NO₂ 경고: 감지기 2 – 88\.00 \((?:\d초 전|지금)\)$/);
  expect(await textOf(page, '.value.alarm')).toMatch(/NO₂ ▲ 경고\s+88\.00/);
  expect(await textOf(page, '#warnings tbody tr td:last-child')).toBe('88.00');
  expect(await page.locator('.marker.alarm').getAttribute('aria-label')).toBe('감지기 2, NO₂ 88.00, 경고');
  expect(await page.title()).toBe('▲ 가스 감지기');
});

test('four detectors are drawn in four charts, and one can be looked at alone', async () => {
  await fill();
  const page = await opened();
  await page.locator('.marker').first().waitFor();
  expect(await page.locator('.chart h3').allInnerTexts()).toEqual(['CO', 'NO₂', 'C₂H₅OH', 'H₂']);
  expect(await page.locator('.chart canvas').count()).toBe(4);
  expect(await page.locator('.tile h3').count()).toBe(4);
  await page.locator('.chart .u-over').first().hover();
  await page.locator('.chart .readout .read').first().waitFor();
  expect(await page.locator('.chart').first().locator('.readout .read').count()).toBe(4);
  await page.getByRole('button', { name: '감지기 3', exact: true }).click();
  await page.locator('.tile.aside').nth(2).waitFor();
  await page.locator('summary').click();
  await page.locator('.summary tbody tr').nth(4).waitFor({ state: 'detached' });
  expect(await page.locator('.summary tbody tr td:first-child').allInnerTexts()).toEqual(['3', '3', '3', '3']);
});

test('the range is chosen by key, and by two times', async () => {
  await fill();
  const page = await opened();
  await page.locator('.marker').first().waitFor();
  await page.getByRole('radio', { name: '1시간' }).focus();
  const asked = page.waitForRequest(/series\?last=900/);
  await page.keyboard.press('ArrowLeft');
  await asked;
  expect(await page.getByRole('radio', { name: '15분' }).getAttribute('aria-checked')).toBe('true');
  await page.getByRole('radio', { name: '직접' }).click();
  await page.getByLabel('부터').fill('2026-01-27T14:48:25');
  await page.getByLabel('까지').fill('2026-01-27T15:48:25');
  const between = page.waitForRequest(/series\?from=1769492905000&to=1769496505000/);
  await page.getByRole('button', { name: '보기' }).click();
  await between;
  await page.locator('.chart .notice', { hasText: '이 시간 범위에는 측정값이 없습니다.' }).first().waitFor();
});

test('the page speaks Korean and English, is light and dark, and remembers', async () => {
  await fill();
  const page = await opened({ colorScheme: 'dark' });
  const background = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const night = await background();
  expect(await page.evaluate('document.documentElement.lang')).toBe('ko');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('button', { name: 'Theme: system' }).click();
  await page.getByRole('button', { name: 'Theme: light' }).waitFor();
  expect(await background()).not.toBe(night);
  await page.reload();
  await page.getByRole('heading', { name: 'Gas detectors' }).waitFor();
  await page.getByRole('button', { name: 'Theme: light' }).waitFor();
  expect(await page.evaluate('document.documentElement.lang')).toBe('en');
  expect(await background()).not.toBe(night);
});

test('on a phone nothing is wider than the screen', async () => {
  await fill();
  const page = await opened(PHONE);
  await page.locator('.marker').first().waitFor();
  for (const language of ['ko', 'en']) {
    expect([language, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([language, 360]);
    const cut = 'dt, dd, .tile h3, .top h1, .chart h3';
    const overflowing = `[...document.querySelectorAll('${cut}')].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent)`;
    expect(await page.evaluate(overflowing)).toEqual([]);
    await page.locator('#language').click();
  }
});

test('when OpenSearch is away the page says so, keeps what it has, and recovers', async () => {
  await fill();
  const server = await serve();
  const page = await open(server, {}, false);
  await page.locator('.marker').first().waitFor();
  await server.close();
  await page.locator('.status', { hasText: '서버와 연결이 끊겼습니다. 다시 시도하고 있습니다.' }).waitFor();
  const blind = await serve(server.port, 'http://127.0.0.1:9');
  await page.locator('.status', { hasText: 'OpenSearch가 응답하지 않습니다. 다시 시도하고 있습니다.' }).waitFor();
  expect(await textOf(page, '.status')).toMatch(/의 값을 보고 있습니다\.$/);
  expect(await page.locator('.tile h3').count()).toBe(4);
  await blind.close();
  const back = await serve(server.port);
  onTestFinished(() => back.close());
  await page.locator('.status[data-kind="calm"], .status[data-kind="alarm"]').waitFor();
});

test('when the broker is away the page says so, and hears again when it is back', async () => {
  const server = await serve();
  onTestFinished(() => server.close());
  const page = await open(server, {}, false);
  await page.locator('.live-state[data-state="on"]').waitFor();
  const { port } = broker;
  await broker.stop();
  await page.locator('.live-state[data-state="off"]').waitFor();
  const again = await startBroker(port);
  onTestFinished(() => again.stop());
  await page.locator('.live-state[data-state="on"]').waitFor();
  await again.publish('pi/1', { msg: 'failure: bad reading: no2 is missing' });
  await page.locator('.messages .failure').waitFor();
});

test('before the first reading every panel says what will be there', async () => {
  const page = await opened({ locale: 'en-US' });
  await page.locator('.status', { hasText: 'No readings yet.' }).waitFor();
  for (const text of [
    'No detector has said where it is.',
    'No warnings in this range.',
    "The detectors' messages appear here as readings come in.",
  ]) {
    await page.getByText(text).waitFor();
  }
  expect(await page.locator('.chart .notice', { hasText: 'There are no readings in this time range.' }).count()).toBe(
    4,
  );
});
