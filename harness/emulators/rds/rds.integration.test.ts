import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AddTagsToResourceCommand,
  CreateDBInstanceCommand,
  type CreateDBInstanceCommandInput,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  ListTagsForResourceCommand,
  ModifyDBInstanceCommand,
  RDSClient,
  RemoveTagsFromResourceCommand,
} from '@aws-sdk/client-rds';
import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createRandom } from '../../clock/index.ts';
import type { EmulatorContext } from '../../edge/emulator.ts';
import { sdk, type TestEdge, testEdge } from '../../edge/testing.ts';
import type { RunningEngine } from '../../engines/engine.ts';
import { mysqlAddress } from '../../engines/mysql/address.ts';
import { nativeMysql } from '../../engines/mysql/index.ts';
import { startEngine } from '../../engines/testing.ts';
import { createRds, type SqlServer } from './index.ts';

const NOON = Date.UTC(2022, 0, 27, 12);
const PASSWORD = `it's \\ a%_secret#`.replaceAll(' ', '-');

let dataDir: string;
let mysql: RunningEngine;
let server: SqlServer;
let away = false;
let edge: TestEdge;
let rds: RDSClient;
let root: Connection;
let reset: (() => Promise<void>) | undefined;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'naetmul-rds-'));
  mysql = await startEngine(nativeMysql(), dataDir);
  server = mysqlAddress(mysql.endpoint);
  root = await createConnection({ uri: mysql.endpoint });
  edge = await testEdge();
  await edge.clock.travelTo(NOON);
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const context = { clock: edge.clock, random: createRandom('rds'), log } as unknown as EmulatorContext;
  const emulator = createRds(context, { server: () => (away ? undefined : server) });
  edge.edge.register(emulator);
  reset = emulator.reset;
  rds = new RDSClient(sdk(edge.url));
});

afterEach(async () => {
  away = false;
  await reset?.();
});

afterAll(async () => {
  rds?.destroy();
  root?.destroy();
  await edge?.[Symbol.asyncDispose]();
  await mysql?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const create = (given: Partial<CreateDBInstanceCommandInput> = {}) =>
  rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: 'Event-Db',
      DBInstanceClass: 'db.t4g.micro',
      Engine: 'mysql',
      DBName: 'event_db',
      MasterUsername: 'collector',
      MasterUserPassword: PASSWORD,
      ...given,
    }),
  );

const describeInstance = async (DBInstanceIdentifier = 'event-db') =>
  (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }))).DBInstances?.[0];

const remove = (DBInstanceIdentifier = 'event-db') =>
  rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));

const logIn = (password = PASSWORD) => {
  const { host, port } = server;
  return createConnection({ host, port, user: 'collector', password, database: 'event_db' });
};

const databases = async () => JSON.stringify((await root.query('SHOW DATABASES'))[0]);

describe('a DB instance', () => {
  test('is answered as creating, and becomes a database and a user on the real server', async () => {
    const { DBInstance } = await create({ Tags: [{ Key: 'team', Value: '물' }] });
    expect(DBInstance).toMatchObject({ DBInstanceIdentifier: 'event-db', DBInstanceStatus: 'creating' });
    expect(DBInstance?.Endpoint).toBeUndefined();
    const instance = await describeInstance();
    expect(instance).toMatchObject({
      DBInstanceStatus: 'available',
      Endpoint: { Address: '127.0.0.1', Port: server.port },
      DBInstanceArn: 'arn:aws:rds:us-east-1:000000000000:db:event-db',
      DbiResourceId: expect.stringMatching(/^db-[A-Z2-7]{26}$/),
      InstanceCreateTime: new Date(NOON),
      Engine: 'mysql',
      DBName: 'event_db',
      MasterUsername: 'collector',
      TagList: [{ Key: 'team', Value: '물' }],
    });
    expect(JSON.stringify(instance)).not.toContain('secret');
    const connection = await logIn();
    await connection.query('CREATE TABLE words (word VARCHAR(20))');
    await connection.query('INSERT INTO words VALUES (?)', ['냇물 🏞']);
    const [rows] = await connection.query('SELECT word, @@character_set_database AS charset FROM words');
    expect(rows).toEqual([{ word: '냇물 🏞', charset: 'utf8mb4' }]);
    // Nor in a database whose name the unescaped pattern `event_db` would match.
    await expect(connection.query('CREATE DATABASE eventXdb')).rejects.toThrow(/denied/);
    connection.destroy();
  });

  test('throws everybody out when it is deleted, and leaves nothing', async () => {
    await create();
    const connection = await logIn();
    const lost = new Promise((resolve) => connection.once('error', resolve));
    await connection.query('CREATE TABLE t (a INT)');
    await connection.beginTransaction();
    await connection.query('INSERT INTO t VALUES (1)');
    expect((await remove()).DBInstance?.DBInstanceStatus).toBe('deleting');
    await lost;
    await expect(describeInstance()).rejects.toMatchObject({
      name: 'DBInstanceNotFoundFault',
      message: 'DBInstance event-db not found.',
    });
    expect(await databases()).not.toContain('event_db');
    await expect(logIn()).rejects.toThrow(/denied/);
  });

  test('gets another password, with which alone one can log in', async () => {
    await create();
    const modified = await rds.send(
      new ModifyDBInstanceCommand({ DBInstanceIdentifier: 'event-db', MasterUserPassword: 'another-secret' }),
    );
    expect(modified.DBInstance?.PendingModifiedValues).toEqual({ MasterUserPassword: '****' });
    expect(await describeInstance()).toMatchObject({ DBInstanceStatus: 'available' });
    await expect(logIn()).rejects.toThrow(/denied/);
    (await logIn('another-secret')).destroy();
  });

  test('waits until the server answers', async () => {
    away = true;
    await create();
    expect(await describeInstance()).toMatchObject({ DBInstanceStatus: 'creating' });
    away = false;
    await vi.waitFor(async () => expect(await describeInstance()).toMatchObject({ DBInstanceStatus: 'available' }), {
      timeout: 10_000,
    });
  });

  test('that never had a server can be deleted', async () => {
    away = true;
    await create();
    await remove();
    await expect(describeInstance()).rejects.toThrow('DBInstance event-db not found.');
  });

  test('leaves alone a database that is somebody else’s, and says what can be done', async () => {
    await root.query('CREATE DATABASE event_db');
    await create();
    expect(await describeInstance()).toMatchObject({
      DBInstanceStatus: 'incompatible-create',
      StatusInfos: [
        {
          Message:
            `There is a database event_db on the server at 127.0.0.1:${server.port} already. ` +
            'If it is a leftover, remove it: DROP DATABASE event_db;',
        },
      ],
    });
    await remove();
    expect(await databases()).toContain('event_db');
    await root.query('DROP DATABASE event_db');
  });

  test('replaces what a reset could not remove because the server was away', async () => {
    await create();
    await (await logIn()).query('CREATE TABLE t (a INT)');
    away = true;
    await reset?.();
    away = false;
    await create();
    const [tables] = await (await logIn()).query('SHOW TABLES');
    expect(tables).toEqual([]);
  });

  test('shares the server: names that another has are refused', async () => {
    await create();
    const other = { DBInstanceIdentifier: 'other', DBName: 'other_db', MasterUsername: 'other' };
    await expect(create()).rejects.toMatchObject({
      name: 'DBInstanceAlreadyExistsFault',
      message: 'DB instance already exists',
    });
    await expect(create({ ...other, DBName: 'EVENT_DB' })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message:
        'The DBName EVENT_DB is that of event-db, and the instances of naetmul share one server: choose another.',
    });
    await expect(create({ ...other, MasterUsername: 'collector' })).rejects.toThrow(
      'The MasterUsername collector is that of event-db, and the instances of naetmul share one server: choose another.',
    );
    await expect(create({ ...other, MasterUsername: server.user })).rejects.toThrow(
      `The MasterUsername ${server.user} is the administrator of the server that naetmul's instances share: choose another.`,
    );
    await create(other);
    const { DBInstances = [] } = await rds.send(
      new DescribeDBInstancesCommand({ Filters: [{ Name: 'engine', Values: ['mysql'] }] }),
    );
    expect(DBInstances.map((one) => one.DBInstanceIdentifier)).toEqual(['event-db', 'other']);
  });
});

describe('requests that are refused', () => {
  test('name what is not supported', async () => {
    await expect(create({ ManageMasterUserPassword: true })).rejects.toMatchObject({
      name: 'NotImplementedException',
      message:
        'The RDS emulator of naetmul does not support the parameter ManageMasterUserPassword of CreateDBInstance.',
    });
    await expect(create({ DBName: '' })).rejects.toThrow('does not support a DB instance without a DBName');
    await expect(
      rds.send(new DescribeDBInstancesCommand({ Filters: [{ Name: 'domain', Values: ['a'] }] })),
    ).rejects.toThrow('does not support the filter domain of DescribeDBInstances, only db-instance-id, dbi-');
    await expect(rds.send(new DescribeDBInstancesCommand({ MaxRecords: 5 }))).rejects.toThrow(
      'Invalid value 5 for MaxRecords. Must be between 20 and 100',
    );
  });

  test('protect what is to be protected', async () => {
    await create({ DeletionProtection: true });
    const DBInstanceIdentifier = 'event-db';
    await expect(rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier }))).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
      message: 'FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.',
    });
    await expect(remove()).rejects.toThrow(
      'Cannot delete protected DB Instance, please disable deletion protection and try again.',
    );
    await rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier, DeletionProtection: false }));
    await remove();
    await expect(remove()).rejects.toThrow('DBInstance event-db not found.');
  });
});

test('tags are kept by ARN', async () => {
  await create({ Tags: [{ Key: 'a', Value: '1' }] });
  const ResourceName = (await describeInstance())?.DBInstanceArn;
  await rds.send(new AddTagsToResourceCommand({ ResourceName, Tags: [{ Key: 'b', Value: '2' }] }));
  await rds.send(new RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ['a'] }));
  const { TagList } = await rds.send(new ListTagsForResourceCommand({ ResourceName }));
  expect(TagList).toEqual([{ Key: 'b', Value: '2' }]);
});
