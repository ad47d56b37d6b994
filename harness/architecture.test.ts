import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.{1,2}\/[^']+)'/g;

/** Tests, and `testing.ts`, in which tests keep what they share. */
const OF_TESTS = /(?:\.test|\/testing)\.ts$/;

/** Every relative import of every source file but those of tests, as pairs of paths from the project's root. */
function imports(): [from: string, to: string][] {
  const files = globSync('{harness,services,scenarios}/**/*.ts', { cwd: ROOT }).filter((file) => !OF_TESTS.test(file));
  return files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map(([, target]): [string, string] => [
      file.split(sep).join(posix.sep),
      relative(ROOT, resolve(ROOT, dirname(file), target as string))
        .split(sep)
        .join(posix.sep),
    ]),
  );
}

const PAGE_KIT = 'services/page-kit';
/** What reads the objects that Firehose wrote. It knows S3 only. */
const READING = /^services\/ingest\/(?:kst-day|read-objects|record-time|split-json|split-lines|stored-objects)\.ts$/;

/** The first folders of a path: `harness/emulators/firehose`. */
function folder(path: string, depth: number): string {
  return path.split('/').slice(0, depth).join('/');
}

const all = imports();

/** Biome holds the boundaries between the top folders; these are the ones between siblings, which it cannot express. */
test('no emulator imports another emulator; only their list knows them all', () => {
  const emulator = (path: string) => (path.startsWith('harness/emulators/') ? path.split('/')[2] : undefined);
  const crossing = all
    .filter(([from, to]) => emulator(to) !== undefined && from !== 'harness/emulators/index.ts')
    .filter(([from, to]) => emulator(from) !== undefined && emulator(from) !== emulator(to));
  expect(crossing).toEqual([]);
});

test('no service imports another service, but for the page kit where a page is served, and the reading of objects for a report', () => {
  const crossing = all
    .filter(([from, to]) => from.startsWith('services/') && folder(from, 2) !== folder(to, 2))
    // What is bundled for Lambda stands elsewhere in a service.
    .filter(([from, to]) => !(/^services\/[^/]+\/web\//.test(from) && to.startsWith(`${PAGE_KIT}/`)))
    .filter(([from, to]) => !(/^services\/[^/]+\/report\//.test(from) && READING.test(to)));
  expect(crossing).toEqual([]);
  expect(all.some(([from, to]) => !from.startsWith(PAGE_KIT) && to.startsWith(PAGE_KIT))).toBe(true);
});

test('the edge knows no engine, no emulator and no pipeline', () => {
  const crossing = all.filter(
    ([from, to]) =>
      from.startsWith('harness/edge/') && !/^harness\/(edge|certificates|clock|ledger|errors\.ts)/.test(to),
  );
  expect(crossing).toEqual([]);
});

test('what reads streams knows the clock only, and no emulator', () => {
  const crossing = all.filter(
    ([from, to]) => from.startsWith('harness/streams/') && !/^harness\/(streams|clock)\//.test(to),
  );
  expect(crossing).toEqual([]);
});

test('what writes rows knows the machine’s time only', () => {
  const crossing = all.filter(
    ([from, to]) =>
      from.startsWith('harness/storage/') && !to.startsWith('harness/storage/') && to !== 'harness/clock/machine.ts',
  );
  expect(crossing).toEqual([]);
});

test('what makes certificates knows nothing of ours', () => {
  expect(all.filter(([from]) => from.startsWith('harness/certificates/'))).toEqual([]);
});

test('what judges policies knows no service', () => {
  const crossing = all.filter(
    ([from, to]) => from.startsWith('harness/policies/') && !to.startsWith('harness/policies/'),
  );
  expect(crossing).toEqual([]);
});

test('the imports are seen at all', () => {
  expect(all.some(([from, to]) => from === 'harness/edge/emulator.ts' && to === 'harness/clock/index.ts')).toBe(true);
});
