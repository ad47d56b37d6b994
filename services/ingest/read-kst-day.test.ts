import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type ReadOptions, readDayFrom } from './read-kst-day.ts';
import type { StoredObjects } from './stored-objects.ts';

const UUID = '046b6c7f-0b8a-43b9-b35d-6489e6daee91';
const OTHER_UUID = '5f1a2c3d-4e5f-4a61-b0e7-c7e2f5b893d4';

/** The key that Firehose gives to an object whose oldest record arrived at `instant`. */
function keyAt(instant: string, uuid = UUID): string {
  const [date = '', time = ''] = instant.split('T');
  const folder = `${date.replaceAll('-', '/')}/${time.slice(0, 2)}`;
  return `rawdata/${folder}/ingest-delivery-1-${date}-${time.slice(0, 8).replaceAll(':', '-')}-${uuid}`;
}

/** Objects in memory, in chunks of seven bytes. */
function objects(contents: Readonly<Record<string, string | Buffer>>): StoredObjects {
  return {
    async *keys(prefix) {
      yield* Object.keys(contents)
        .filter((key) => key.startsWith(prefix))
        .sort();
    },
    async *read(key) {
      const bytes = Buffer.from(contents[key] ?? '');
      for (let start = 0; start < bytes.length; start += 7) yield bytes.subarray(start, start + 7);
    },
  };
}

const at = (id: string, createdtime: string) => JSON.stringify({ id, createdtime });

async function idsOf(contents: Readonly<Record<string, string | Buffer>>, day: string, options?: ReadOptions) {
  const { records } = await readDayFrom(objects(contents), day, 'rawdata/', options);
  return records.map(({ value }) => (value as { id: string }).id);
}

describe('a KST day', () => {
  test('begins at 15:00:00.000 UTC of the day before and ends before 15:00:00.000 UTC', async () => {
    const contents = {
      [keyAt('2022-01-26T14:59:59Z')]: at('before', '2022-01-26T14:59:59.999Z'),
      [keyAt('2022-01-26T15:00:00Z')]: at('first', '2022-01-26T15:00:00.000Z'),
      [keyAt('2022-01-26T23:59:59Z')]: at('last of the UTC date', '2022-01-26T23:59:59.999Z'),
      [keyAt('2022-01-27T00:00:00Z')]: at('first of the UTC date', '2022-01-27T00:00:00.000Z'),
      [keyAt('2022-01-27T14:59:59Z')]: at('last', '2022-01-27T14:59:59.999Z'),
      [keyAt('2022-01-27T15:00:00Z')]: at('after', '2022-01-27T15:00:00.000Z'),
    };
    expect(await idsOf(contents, '2022-01-27')).toEqual([
      'first',
      'last of the UTC date',
      'first of the UTC date',
      'last',
    ]);
    expect(await idsOf(contents, '2022-01-26')).toEqual(['before']);
    expect(await idsOf(contents, '2022-01-28')).toEqual(['after']);
  });

  test('takes from an object that straddles the boundary what belongs to it', async () => {
    const straddling = at('of the 26th', '2022-01-26T14:59:30Z') + at('of the 27th', '2022-01-26T15:00:20Z');
    const contents = { [keyAt('2022-01-26T14:59:30Z')]: straddling };
    expect(await idsOf(contents, '2022-01-26')).toEqual(['of the 26th']);
    expect(await idsOf(contents, '2022-01-27')).toEqual(['of the 27th']);
  });

  test.each([
    ['a month’s end', '2022-03-01', '2022-02-28T15:00:00Z', '2022-03-01T14:59:59Z'],
    ['a year’s end', '2022-01-01', '2021-12-31T15:00:00Z', '2022-01-01T14:59:59Z'],
    ['a leap day', '2024-02-29', '2024-02-28T15:00:00Z', '2024-02-29T14:59:59Z'],
    ['the day after a leap day', '2024-03-01', '2024-02-29T15:00:00Z', '2024-03-01T14:59:59Z'],
  ])('is whole at %s', async (_name, day, first, last) => {
    expect(await idsOf({ [keyAt(first)]: at('first', first), [keyAt(last)]: at('last', last) }, day)).toEqual([
      'first',
      'last',
    ]);
  });

  test('has its late records if one waits for them', async () => {
    const contents = { [keyAt('2022-01-27T16:30:00Z')]: at('late', '2022-01-27T14:00:00Z') };
    expect(await idsOf(contents, '2022-01-27')).toEqual([]);
    expect(await idsOf(contents, '2022-01-27', { latenessHours: 2 })).toEqual(['late']);
  });

  test('reads objects packed with GZIP, several members too, beside those that are not', async () => {
    const packed = Buffer.concat([
      gzipSync(at('a', '2022-01-27T05:00:00Z') + at('b', '2022-01-27T05:00:01Z')),
      gzipSync(at('c', '2022-01-27T05:00:02Z')),
    ]);
    const contents = {
      [`${keyAt('2022-01-27T05:00:00Z')}.gz`]: packed,
      [keyAt('2022-01-27T06:00:00Z')]: at('d', '2022-01-27T06:00:00Z'),
    };
    expect(await idsOf(contents, '2022-01-27')).toEqual(['a', 'b', 'c', 'd']);
  });

  test('counts what it read', async () => {
    const twice = at('twice', '2022-01-27T05:00:00Z');
    const contents = {
      [keyAt('2022-01-27T05:00:00Z')]: twice + at('outside', '2022-01-29T00:00:00Z') + twice,
      [keyAt('2022-01-27T06:00:00Z')]: '{"value":"30"}',
    };
    const { counts } = await readDayFrom(objects(contents), '2022-01-27');
    expect(counts).toEqual({ folders: 25, objects: 2, read: 4, outside: 1, duplicates: 1, untimed: 1 });
  });

  test('is the same whatever time zone the machine is in', () => {
    const script = `
      const { kstDayFolders, timeFromFields } = await import(${JSON.stringify(fileURLToPath(new URL('read-kst-day.ts', import.meta.url)))});
      const times = ['2022-01-27 14:48:25', '2021-03-14 02:30:00', '2022-01-27T05:48:25Z'].map((createdtime) => timeFromFields()({ createdtime }));
      console.log(new Date(0).getHours(), JSON.stringify([kstDayFolders('2022-01-27'), kstDayFolders('2021-03-14'), times]));`;
    const run = (TZ: string) =>
      execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
      });
    const outputs = ['Asia/Seoul', 'UTC', 'America/New_York'].map(run);
    expect(outputs.map((output) => output.split(' ')[0])).toEqual(['9', '0', '19']);
    expect(new Set(outputs.map((output) => output.slice(output.indexOf(' ')))).size).toBe(1);
  });
});

describe('a record that was delivered twice', () => {
  const record = at('a', '2022-01-27T05:00:00Z');
  const untimed = '{"value":"30","type":"Tip 3"}';
  const texts = async (contents: Readonly<Record<string, string>>, options?: ReadOptions) =>
    (await readDayFrom(objects(contents), '2022-01-27', 'rawdata/', options)).records.map(({ text }) => text);

  test('is there once, in whatever objects and folders it lies', async () => {
    const contents = { [keyAt('2022-01-27T05:59:00Z')]: record, [keyAt('2022-01-27T06:00:10Z')]: record + record };
    expect(await texts(contents)).toEqual([record]);
  });

  test('is there once if it tells no time but its object was written twice', async () => {
    const key = '2022-01-27T05:00:00Z';
    expect(await texts({ [keyAt(key)]: untimed, [keyAt(key, OTHER_UUID)]: untimed })).toEqual([untimed]);
  });

  test('is not taken for one that somebody posted again', async () => {
    const again = { [keyAt('2022-01-27T05:00:00Z')]: untimed + untimed, [keyAt('2022-01-27T05:01:00Z')]: untimed };
    expect(await texts(again)).toEqual([untimed, untimed, untimed]);
  });

  test('is found by an event id where its user names one, and a record without identity is like no other', async () => {
    const first = '{"event_id":"1","attempt":1}';
    const second = '{"event_id":"1","attempt":2}';
    const identity: ReadOptions['identity'] = ({ value }) => (value as { event_id?: string }).event_id;
    expect(await texts({ [keyAt('2022-01-27T05:00:00Z')]: first + second + record + record }, { identity })).toEqual([
      first,
      record,
      record,
    ]);
  });
});

describe('what cannot be read', () => {
  const key = keyAt('2022-01-27T05:00:00Z');
  test.each<[string, Record<string, string | Buffer>, string]>([
    [
      'is cut off',
      { [key]: '{"a":1}{"b' },
      `The object ${key} cannot be read: The JSON value that begins at byte 7 has no end.`,
    ],
    ['is no JSON', { [key]: '{"a":1}{b}' }, `The object ${key} cannot be read: what begins at byte 7 is not JSON: `],
    [
      'is broken GZIP',
      { [key]: gzipSync('{}').subarray(0, 12) },
      `The object ${key} cannot be read: unexpected end of file`,
    ],
    [
      'is not Firehose’s',
      { 'rawdata/2022/01/27/05/notes.txt': '' },
      'The object rawdata/2022/01/27/05/notes.txt cannot be read: its key is not one that Firehose gives.',
    ],
  ])('is named if it %s', async (_name, contents, message) => {
    await expect(readDayFrom(objects(contents), '2022-01-27')).rejects.toThrow(message);
  });

  test('is told apart from what went wrong on the way', async () => {
    const denied = Object.assign(new Error('Access Denied'), { name: 'AccessDenied' });
    const source: StoredObjects = {
      ...objects({ [key]: '' }),
      // biome-ignore lint/correctness/useYield: it fails before the first byte.
      async *read() {
        throw denied;
      },
    };
    await expect(readDayFrom(source, '2022-01-27')).rejects.toBe(denied);
  });
});
