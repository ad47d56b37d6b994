import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readSchemaFiles } from './files.ts';
import { applySchema } from './index.ts';

async function folderWith(...names: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'naetmul-schema-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of names) await writeFile(join(folder, name), `-- ${name}`);
  return folder;
}

test('files are read in the order of their numbers; others may stand beside them', async () => {
  const files = await readSchemaFiles(await folderWith('002-b.sql', 'README.md', '001-z.sql'));
  expect(files.map(({ number, name, text }) => [number, name, text])).toEqual([
    [1, '001-z.sql', '-- 001-z.sql'],
    [2, '002-b.sql', '-- 002-b.sql'],
  ]);
  expect(files[0]?.checksum).toMatch(/^[0-9a-f]{64}$/);
});

test('there need not be a folder', async () => {
  expect(await readSchemaFiles('/no/such/folder')).toEqual([]);
  expect(await applySchema('/no/such/folder', [])).toEqual([]);
});

test.each([
  [['002-b.sql'], /002-b\.sql comes, and there is no file with the number 001\.$/],
  [['001-a.sql', '003-c.sql'], /003-c\.sql comes, and there is no file with the number 002\.$/],
  [['001-a.sql', '001-b.sql'], /001-b\.sql and \S*001-a\.sql have the same number\.$/],
  [['events.sql'], /events\.sql has no number to say when it is to be applied\.$/],
  [['1-events.sql'], /1-events\.sql has no number to say when it is to be applied\.$/],
])('%j are refused', async (names, message) => {
  await expect(readSchemaFiles(await folderWith(...names))).rejects.toMatchObject({
    code: 'SCHEMA_FILES',
    message: expect.stringMatching(message),
  });
});

test('files without a database, or with two, are refused', async () => {
  const folder = await folderWith('001-a.sql');
  const database = { host: '', port: 0, user: '', password: '', database: '' };
  for (const databases of [[], [database, database]]) {
    await expect(applySchema(folder, databases)).rejects.toMatchObject({
      code: 'SCHEMA_DATABASE',
      message: `${folder} is for one database, and the template has ${databases.length}.`,
    });
  }
});
