import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localCredentials } from './credentials.ts';

let cache: string;
let file: string;

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'naetmul-credentials-'));
  file = join(cache, 'mqtt-credentials.json');
});

afterEach(() => rmSync(cache, { recursive: true }));

test('are the same at the next start, and for the user alone', async () => {
  const first = await localCredentials(cache);
  expect(await localCredentials(cache)).toEqual(first);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('are made anew when the file is damaged', async () => {
  const first = await localCredentials(cache);
  writeFileSync(file, readFileSync(file, 'utf8').slice(0, 100));
  const second = await localCredentials(cache);
  expect(second.ca).not.toBe(first.ca);
  expect(await localCredentials(cache)).toEqual(second);
});

test('are made anew when certificate and authority do not belong together', async () => {
  const first = await localCredentials(cache);
  rmSync(file);
  const second = await localCredentials(cache);
  writeFileSync(file, JSON.stringify({ ...first, ca: second.ca }));
  expect([first.cert, second.cert]).not.toContain((await localCredentials(cache)).cert);
});
