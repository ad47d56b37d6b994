import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, scenario } from '../harness/kit/index.ts';
import { findChromium } from '../services/page-kit/testing/chromium.ts';

const WORKSHOP = JSON.parse(readFileSync(new URL('../fixtures/gas-detector/workshop.json', import.meta.url), 'utf8'));

scenario(
  'a value of 88 that is posted through the API appears as a warning on the page, without a reload',
  async ({ gasDetector, tell, onTestFinished }) => {
    const executablePath = findChromium();
    if (executablePath === undefined)
      throw new Error('There is no Chromium; vitest.config.ts leaves this file out then.');
    // Chromium's own sandbox does not work for root.
    const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    onTestFinished(() => browser.close());
    const page = await browser.newPage({ locale: 'ko-KR', viewport: { width: 1280, height: 1400 } });

    await tell.step('Somebody opens the page; it is live');
    await page.goto(gasDetector.siteUrl);
    await page.locator('.live-state[data-state="on"]').waitFor();
    expect(await page.locator('#warnings tbody tr').count()).toBe(0);

    await tell.step('A reading of 87.99: it is shown, and nobody is warned');
    expect((await gasDetector.post({ ...WORKSHOP, no2: { ...WORKSHOP.no2, value: '87.99' } })).status).toBe(200);
    await page.getByText('87.99').first().waitFor();
    expect(await page.locator('.messages .warning').count()).toBe(0);

    await tell.step('A reading of 88: the message comes live, the tile and the list of warnings follow');
    const reading = { ...WORKSHOP, no2: { ...WORKSHOP.no2, value: '88', createdtime: '2021-09-03 18:15:49' } };
    expect((await gasDetector.post(reading)).status).toBe(200);
    await page.locator('.messages .warning').first().waitFor();
    await page.locator('.value.alarm').first().waitFor();
    await page.locator('#warnings tbody tr').first().waitFor();
    expect(await page.locator('#warnings tbody tr').count()).toBe(1);
    await page.screenshot({ path: 'reports/a-warning-on-the-page.png' });
    tell.figure('screenshot', 'reports/a-warning-on-the-page.png');
  },
);
