import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningEngine } from '../../engines/engine.ts';
import { mysqlAddress } from '../../engines/mysql/address.ts';
import { nativeMysql } from '../../engines/mysql/index.ts';
import { startEngine } from '../../engines/testing.ts';
import { applySchema } from './index.ts';

let folder: string;
let sql: string;
let mysql: RunningEngine;
let root: Connection;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'naetmul-schema-'));
  mysql = await startEngine(nativeMysql(), join(folder, 'mysql'));
  root = await createConnection({ uri: mysql.endpoint, multipleStatements: true });
});

beforeEach(async () => {
  sql = await mkdtemp(join(folder, 'sql-'));
  await root.query('DROP DATABASE IF EXISTS event_db; CREATE DATABASE event_db; USE event_db');
  await write('001-events.sql', "-- one;\nCREATE TABLE events (id INT);\nINSERT INTO events VALUES (1); -- '\n");
  await write('002-more.sql', "INSERT INTO events VALUES (2);\nCREATE TABLE notes (note TEXT DEFAULT ';')");
});

afterAll(async () => {
  root?.destroy();
  await mysql?.stop();
  await rm(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFile(join(sql, name), text);
const apply = () => applySchema(sql, [{ ...mysqlAddress(mysql.endpoint), database: 'event_db' }]);
const events = async () => (await root.query('SELECT id FROM events'))[0];

describe('the schema of a database', () => {
  test('is applied file by file, each once', async () => {
    expect(await apply()).toEqual(['001-events.sql', '002-more.sql']);
    expect(await apply()).toEqual([]);
    await write('003-last.sql', 'INSERT INTO events VALUES (3)');
    expect(await apply()).toEqual(['003-last.sql']);
    expect(await events()).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    const [rows] = await root.query('SELECT number, name, LENGTH(checksum) AS length FROM schema_migrations');
    expect(rows).toContainEqual({ number: 3, name: '003-last.sql', length: 64 });
  });

  test('is not applied over a file that has changed, or is gone', async () => {
    await apply();
    await write('001-events.sql', 'CREATE TABLE events (id BIGINT)');
    await expect(apply()).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
      message: expect.stringMatching(/001-events\.sql was applied to the database, and has changed since\.$/),
      remedy: 'Put it back and write the change into a file with the next number; or start the bench anew.',
    });
    await write('001-events.sql', "-- one;\nCREATE TABLE events (id INT);\nINSERT INTO events VALUES (1); -- '\n");
    await rm(join(sql, '002-more.sql'));
    await expect(apply()).rejects.toThrow('002-more.sql was applied to the database, and is gone.');
  });

  test('names the file, the line and the statement that fails, and goes on there the next time', async () => {
    await write('002-more.sql', 'INSERT INTO events\n  VALUES (2);\n\nINSERT INTO nothing\n  VALUES (1);');
    await expect(apply()).rejects.toMatchObject({
      code: 'SCHEMA_FAILED',
      message: expect.stringMatching(
        /002-more\.sql:4: INSERT INTO nothing VALUES \(1\) fails: Table 'event_db\.nothing' doesn't exist$/,
      ),
    });
    await write('002-more.sql', 'INSERT INTO events VALUES (4)');
    expect(await apply()).toEqual(['002-more.sql']);
  });

  test('knows no DELIMITER', async () => {
    await write('002-more.sql', 'DELIMITER //\nSELECT 1//');
    await expect(apply()).rejects.toThrow(
      /002-more\.sql:1: DELIMITER is a command of the mysql program, not of SQL\.$/,
    );
  });
});
