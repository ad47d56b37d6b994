import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CodeStamp } from './code-stamp.ts';

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'code-stamp-'));
  write('index.mjs', 'one');
  write('lib/deep/help.mjs', 'help');
});

afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true });
  writeFileSync(join(dir, path), content);
}

test('a folder in which nothing changed keeps its stamp', () => {
  const stamp = new CodeStamp(dir);
  expect(stamp.current()).toBe(stamp.current());
  expect(stamp.current()).not.toBe('');
});

test.each([
  ['a changed file', () => write('lib/deep/help.mjs', 'changed')],
  ['a new file', () => write('lib/new.mjs', '')],
  ['a file that is gone', () => rmSync(join(dir, 'index.mjs'))],
  ['a folder that is gone', () => rmSync(dir, { recursive: true })],
])('%s changes the stamp', (_what, change) => {
  const stamp = new CodeStamp(dir);
  const before = stamp.current();
  change();
  expect(stamp.current()).not.toBe(before);
});

test.each([
  'node_modules/a/index.js',
  '__pycache__/index.pyc',
  '.git/index',
  '.index.mjs.swp',
])('%s is not looked at', (path) => {
  const stamp = new CodeStamp(dir);
  const before = stamp.current();
  write(path, 'new');
  expect(stamp.current()).toBe(before);
});

test('a folder that is not there has a stamp all the same', () => {
  expect(new CodeStamp(join(dir, 'nowhere')).current()).toBe('');
});
