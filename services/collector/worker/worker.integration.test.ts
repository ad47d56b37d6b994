import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  createEngines,
  type EngineContext,
  engineContext,
  openRun,
  type RunningEngine,
} from '../../../harness/engines/index.ts';
import { findEvents } from '../api/find-events.ts';
import { build } from '../build.ts';
import { Database, DatabaseUnavailable } from '../database.ts';
import type { EventMessage, FoundEvent } from '../event.ts';
import { handler as naive } from '../naive/handler.ts';
import { databaseSettings } from '../settings.ts';
import { handler } from './handler.ts';
import type { SqsEvent, SqsRecord } from './sqs-event.ts';

const SERVICE = new URL('../', import.meta.url);
const POOL = { connections: 2, connectWithinMs: 2_000, answerWithinMs: 2_500 };
const NONE = { batchItemFailures: [] };

let run: ReturnType<typeof openRun>;
let context: EngineContext;
let mysql: RunningEngine;
let admin: Connection;
let database: Database;
const mysqlEngine = createEngines({ stack: 'native' }).find(({ name }) => name === 'mysql');

async function startMysql(): Promise<RunningEngine> {
  if (mysqlEngine === undefined) throw new Error('there is no engine named mysql');
  return mysqlEngine.start(context);
}

beforeAll(async () => {
  run = openRun();
  const { signal } = new AbortController();
  context = engineContext('mysql', run, { offline: false, signal, progress: () => undefined });
  mysql = await startMysql();
  const { hostname, port, username, password } = new URL(mysql.endpoint);
  Object.assign(process.env, {
    AWS_RDS_URL: hostname,
    AWS_RDS_PORT: port,
    AWS_RDS_ID: username,
    AWS_RDS_PASSWORD: password,
    AWS_RDS_DBNAME: 'event_db',
  });
  admin = await connect();
  // A server's own defaults are not to matter.
  await admin.query("SET GLOBAL sql_mode = '', GLOBAL time_zone = '+09:00'");
  await admin.query('CREATE DATABASE event_db CHARACTER SET latin1');
  await admin.query('USE event_db');
  for (const file of (await readdir(new URL('sql/', SERVICE))).sort()) {
    await admin.query(await readFile(new URL(`sql/${file}`, SERVICE), 'utf8'));
  }
  database = new Database(databaseSettings(process.env), POOL);
});

afterAll(async () => {
  await database?.close();
  admin?.destroy();
  await mysql?.stop();
  run?.close();
});

beforeEach(async () => {
  for (const level of ['log', 'error'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  await admin.query('DELETE FROM events');
  await admin.query('DELETE FROM naive_events');
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** As the administrator, on a connection that is not the worker's. */
function connect(): Promise<Connection> {
  return createConnection({ uri: mysql.endpoint, dateStrings: true });
}

function event(id: string, changes: Partial<EventMessage> = {}): EventMessage {
  const event_datetime = '2022-01-27T05:48:25.123456Z';
  return { event_id: id, event: 'purchase', user_id: 'u-1', event_datetime, parameters: null, ...changes };
}

function batch(...bodies: (EventMessage | string)[]): SqsEvent {
  const recordOf = (body: EventMessage | string, n: number): SqsRecord => ({
    messageId: `m${n}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { Records: bodies.map(recordOf) };
}

async function ids(table: 'events' | 'naive_events'): Promise<string[]> {
  const [rows] = await admin.query<RowDataPacket[]>(`SELECT event_id FROM ${table} ORDER BY id`);
  return rows.map(({ event_id }) => event_id);
}

async function find(userId: string, pageRows?: number): Promise<FoundEvent[]> {
  const found: FoundEvent[] = [];
  for await (const page of findEvents(database, userId, pageRows)) found.push(...page);
  return found;
}

describe('the worker', () => {
  test('stores a batch, and what it stored is found as it was', async () => {
    const events = [
      event('e-1', { parameters: { order_id: 'o-1', currency: 'KRW', price: 12_900.5 } }),
      event('e-2', { event_datetime: '2022-01-27T05:48:25Z' }),
    ];
    expect(await handler(batch(...events))).toEqual(NONE);
    expect(await find('u-1')).toEqual([
      { event_id: 'e-2', event: 'purchase', event_datetime: '2022-01-27T05:48:25.000000Z', parameters: null },
      {
        event_id: 'e-1',
        event: 'purchase',
        event_datetime: '2022-01-27T05:48:25.123456Z',
        parameters: { order_id: 'o-1', currency: 'KRW', price: 12_900.5 },
      },
    ]);
    expect(await find('U-1')).toEqual([]);
  });

  test('stores what senders really send: Korean, emoji, quotes, SQL; ids that look alike are different', async () => {
    const text = await readFile(new URL('../../fixtures/collector/everyday.jsonl', SERVICE), 'utf8');
    const sent: EventMessage[] = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ ...event(''), parameters: null, ...JSON.parse(line) }));
    expect(await handler(batch(...sent))).toEqual(NONE);
    expect(await ids('events')).toHaveLength(sent.length);
    for (const { user_id, ...rest } of sent) expect(await find(user_id)).toContainEqual(rest);
  });

  test('makes one row of an event that comes again and again, in other batches or in the same', async () => {
    const again = event('e-1', { parameters: { order_id: 'another', currency: 'USD', price: 1 } });
    expect(await handler(batch(event('e-1'), event('e-2'), event('e-1')))).toEqual(NONE);
    expect(await handler(batch(event('e-1'), event('e-2')))).toEqual(NONE);
    expect(await handler(batch(again))).toEqual(NONE);
    expect(await ids('events')).toEqual(['e-1', 'e-2']);
    expect((await find('u-1'))[0]?.parameters).toBeNull();
  });

  test('makes one row of an event that two workers write at the same time', async () => {
    const others = [new Database(databaseSettings(process.env), POOL), database];
    const { eventTable } = await import('./event-table.ts');
    const events = Array.from({ length: 10 }, (_, n) => event(`e-${n}`));
    // The opposite orders lock each other out; a few rounds show whether that is got over always or mostly.
    for (let round = 0; round < 40; round++) {
      await admin.query('DELETE FROM events');
      const inserts = Array.from({ length: 40 }, (_, n) =>
        eventTable(others[n % 2] as Database).insert(n % 3 === 0 ? events.toReversed() : events),
      );
      const newRows = await Promise.all(inserts);
      expect(newRows.reduce((sum, rows) => sum + rows, 0)).toBe(10);
      expect(await ids('events')).toHaveLength(10);
    }
    await others[0]?.close();
  });

  test('leaves a poison message in the queue and stores the other nine', async () => {
    const messages = Array.from({ length: 10 }, (_, n) => (n === 6 ? '{"event_id":"e-6"}' : event(`e-${n}`)));
    expect(await handler(batch(...messages))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm6' }] });
    expect(await ids('events')).toEqual(['e-0', 'e-1', 'e-2', 'e-3', 'e-4', 'e-5', 'e-7', 'e-8', 'e-9']);
    expect(console.error).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('"messageId":"m6"'));
  });

  test('leaves in the queue what only the database refuses, instead of storing a part of it', async () => {
    await admin.query('ALTER TABLE events MODIFY user_id VARCHAR(10) CHARACTER SET utf8mb4 NOT NULL');
    try {
      const messages = [event('e-1'), event('e-2', { user_id: 'longer than ten' }), event('e-3')];
      expect(await handler(batch(...messages))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
      expect(await ids('events')).toEqual(['e-1', 'e-3']);
      expect(console.error).toHaveBeenCalledExactlyOnceWith(
        expect.stringContaining("Data too long for column 'user_id'"),
      );
    } finally {
      await admin.query('DROP TABLE events');
      await admin.query(await readFile(new URL('sql/001-events.sql', SERVICE), 'utf8'));
    }
  });

  test('replaces a connection that died between two invocations', async () => {
    await handler(batch(event('e-1')));
    const [sessions] = await admin.query<RowDataPacket[]>(
      "SELECT id FROM information_schema.processlist WHERE db = 'event_db' AND id <> CONNECTION_ID()",
    );
    expect(sessions.length).toBeGreaterThan(0);
    for (const { id } of sessions) await admin.query(`KILL ${id}`);
    expect(await handler(batch(event('e-2')))).toEqual(NONE);
    expect(await ids('events')).toEqual(['e-1', 'e-2']);
  });

  test('fails as a whole while the database is away, and goes on when it is back', async () => {
    await handler(batch(event('e-1')));
    admin.destroy();
    await mysql.stop();
    await expect(handler(batch(event('e-2')))).rejects.toThrow('The database cannot be reached: ECONNREFUSED');
    mysql = await startMysql();
    admin = await connect();
    await admin.query('USE event_db');
    expect(await handler(batch(event('e-1'), event('e-2')))).toEqual(NONE);
    expect(await ids('events')).toEqual(['e-1', 'e-2']);
  });
});

describe('a statement', () => {
  test('that the database does not answer in time is given up with its connection', async () => {
    const hasty = new Database(databaseSettings(process.env), { ...POOL, connections: 1, answerWithinMs: 200 });
    await expect(hasty.execute('SELECT SLEEP(20)', [])).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(await hasty.execute('SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
    await hasty.close();
  });

  test('of a user whom the database does not know says so', async () => {
    const settings = { ...databaseSettings(process.env), password: 'wrong' };
    const stranger = new Database(settings, POOL);
    await expect(stranger.execute('SELECT 1', [])).rejects.toThrow(
      'The database cannot be reached: ER_ACCESS_DENIED_ERROR',
    );
    await stranger.close();
  });
});

test('a user’s events are found in the order of their time, however many pages they fill', async () => {
  const all = Array.from({ length: 10 }, (_, n) =>
    event(`e-${n}`, { event_datetime: `2022-01-27T05:48:25.00000${(n * 7) % 5}Z` }),
  );
  await handler(batch(...all));
  await handler(batch(event('other', { user_id: 'u-2' })));
  const times = all.map(({ event_datetime }) => event_datetime).sort();
  for (const pageRows of [1, 2, 3, 5, 10, 11]) {
    const found = await find('u-1', pageRows);
    expect(found.map(({ event_datetime }) => event_datetime)).toEqual(times);
    expect(new Set(found.map(({ event_id }) => event_id)).size).toBe(10);
  }
});

describe('the naive worker', () => {
  test('stores a batch once if all goes well', async () => {
    await naive(batch(event('e-1'), event('e-2', { parameters: { order_id: 'o', currency: '원', price: 1 } })));
    const [rows] = await admin.query<RowDataPacket[]>('SELECT * FROM naive_events ORDER BY id');
    expect(rows).toMatchObject([
      { event_id: 'e-1', event_datetime: '2022-01-27 05:48:25.123456', parameters: null },
      { event_id: 'e-2', parameters: { order_id: 'o', currency: '원', price: 1 } },
    ]);
  });

  test('stores an event as often as it comes', async () => {
    for (let runs = 0; runs < 4; runs++) await naive(batch(event('e-1')));
    expect(await ids('naive_events')).toEqual(['e-1', 'e-1', 'e-1', 'e-1']);
  });

  test.each([
    ['is not JSON', '{"event_id":', SyntaxError],
    ['has a field too few', '{"event_id":"e-6","event_datetime":"2022-01-27T05:48:25.000000Z"}', TypeError],
    ['is too long', event('x'.repeat(256)), Error],
  ])('throws at a message that %s, after those before it are written, and so writes them again', async (_what, poison, error) => {
    const messages = batch(event('e-1'), event('e-2'), poison, event('e-4'));
    for (let runs = 0; runs < 2; runs++) await expect(naive(messages)).rejects.toBeInstanceOf(error);
    expect(await ids('naive_events')).toEqual(['e-1', 'e-2', 'e-1', 'e-2']);
  });
});

describe('built for AWS', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'collector-build-'));
    await build(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('both functions are single files that run without the project', async () => {
    const require = createRequire(join(folder, 'test.js'));
    const built = require('./worker/handler.js');
    expect(await built.handler(batch(event('e-1'), 'poison'))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }],
    });
    expect(await ids('events')).toEqual(['e-1']);
    await require('./naive/handler.js').handler(batch(event('e-1')));
    expect(await ids('naive_events')).toEqual(['e-1']);
  });
});
