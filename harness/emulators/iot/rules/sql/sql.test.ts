import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyQuery, QueryFailure, type Scope } from './evaluate.ts';
import { parseQuery } from './parse.ts';

const scope = (payload: unknown, about: Partial<Scope> = {}): Scope => ({
  topic: 'pi/1/no2',
  payload: Buffer.isBuffer(payload) ? payload : Buffer.from(JSON.stringify(payload)),
  clientId: 'pi-1',
  now: 1_643_250_000_000,
  uuid: () => 'u-u-i-d',
  ...about,
});

/** What SELECT gives, or undefined where WHERE does not hold. */
function select(sql: string, payload: unknown, about: Partial<Scope> = {}): unknown {
  const selected = applyQuery(parseQuery(sql), scope(payload, about));
  return selected && JSON.parse(selected.toString());
}

const holds = (where: string, payload: unknown) => select(`SELECT * FROM 'pi/#' WHERE ${where}`, payload) !== undefined;

test('SELECT * alone passes the payload as it is, whatever it holds', () => {
  const bytes = Buffer.from([0, 255]);
  expect(applyQuery(parseQuery("SELECT * FROM 'pi/+'"), scope(bytes))).toBe(bytes);
});

test.each<[string, unknown]>([
  ["SELECT no2.value FROM 'pi/+'", { value: 88.5 }],
  ["select no2.value as no2, gps from 'pi/+'", { no2: 88.5, gps: [37.5, 127] }],
  [
    "SELECT *, topic(2) AS sensor, timestamp() AS ts FROM 'pi/+'",
    {
      no2: { value: 88.5 },
      gps: [37.5, 127],
      name: '다섯',
      sensor: '1',
      ts: 1_643_250_000_000,
    },
  ],
  [
    "SELECT topic() AS t, topic(9) AS none, clientid() AS c, newuuid() AS id FROM 'pi/+'",
    {
      t: 'pi/1/no2',
      c: 'pi-1',
      id: 'u-u-i-d',
    },
  ],
  [
    "SELECT 1 AS one, -2.5 AS two, 'it''s' AS text, true AS yes, NULL AS none FROM 'pi/+'",
    {
      one: 1,
      two: -2.5,
      text: "it's",
      yes: true,
      none: null,
    },
  ],
  ["SELECT missing, no2.missing.more, name.length FROM 'pi/+'", {}],
  ["SELECT no2.value > 88 AS warning FROM 'pi/+'", { warning: true }],
])('%s', (sql, expected) => {
  expect(select(sql, { no2: { value: 88.5 }, gps: [37.5, 127], name: '다섯' })).toEqual(expected);
});

test('what Object has of its own is no field', () => {
  expect(select("SELECT constructor, no2.toString AS t FROM 'a'", { no2: {} })).toEqual({});
});

test.each<[string, unknown, boolean]>([
  ['no2.value > 88', { no2: { value: 88.01 } }, true],
  ['no2.value > 88', { no2: { value: 88 } }, false],
  ['no2.value >= 88', { no2: { value: 88.0 } }, true],
  ['no2.value >= 88', { no2: { value: '88' } }, true],
  ['no2.value >= 88', { no2: { value: '1e3' } }, true],
  ['no2.value >= 88', { no2: { value: 'NaN' } }, false],
  ['no2.value >= 88', { no2: { value: '' } }, false],
  ['no2.value >= 88', { no2: { value: null } }, false],
  ['no2.value >= 88', {}, false],
  ['NOT (no2.value >= 88)', {}, false],
  ['NOT no2.value >= 88', { no2: { value: 87 } }, true],
  ["name = '다섯'", { name: '다섯' }, true],
  ["name <> '다섯'", { name: 'five' }, true],
  ["name <> '다섯'", {}, false],
  ['a = 1 OR b = 1 AND c = 1', { a: 0, b: 1, c: 0 }, false],
  ['(a = 1 OR b = 1) AND c = 1', { a: 0, b: 1, c: 1 }, true],
  ['a = 1 OR b = 1', { a: 1 }, false],
  ['on', { on: 'TRUE' }, true],
  ['on', { on: 1 }, false],
  ['a = b', { a: [1, { x: 2 }], b: [1, { x: 2 }] }, true],
  ['a = b', { a: { x: 1 }, b: { x: 1, y: 2 } }, false],
  ["v = '88'", { v: 88 }, false],
  ['n = NULL', { n: null }, true],
  ["topic(2) = '1'", {}, true],
])('WHERE %s of %j is %s', (where, payload, expected) => {
  expect(holds(where, payload)).toBe(expected);
});

test('a payload that is no JSON has no fields', () => {
  const bytes = Buffer.from('no json');
  expect(holds('no2.value > 1', bytes)).toBe(false);
  expect(() => select("SELECT *, topic() AS t FROM 'a'", bytes)).toThrow(QueryFailure);
  expect(() => select("SELECT *, topic() AS t FROM 'a'", [1])).toThrow(
    'SELECT * with further fields needs a payload that is a JSON object.',
  );
  expect(select("SELECT topic() AS t FROM 'a'", bytes)).toEqual({ t: 'pi/1/no2' });
});

test('the threshold holds for every number as for JavaScript', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), (value, asText) => {
      expect(holds('no2.value >= 88', { no2: { value: asText ? String(value) : value } })).toBe(value >= 88);
    }),
  );
});

test.each([
  ['SELECT', 'Expected a value, but found the end.'],
  ['SELECT * FROM pi', 'Expected a topic filter in quotes, such as \'pi/+\', but found "pi" at character 15.'],
  [
    "SELECT * FROM 'pi/#/a'",
    'The topic filter "pi/#/a" of FROM is not valid: a wildcard must be a whole level, and # the last one.',
  ],
  ["SELECT * FROM 'a' WHERE", 'Expected a value, but found the end.'],
  ["SELECT * FROM 'a' WHERE a = ", 'Expected a value, but found the end.'],
  ["SELECT * FROM 'a' WHERE (a = 1", 'Expected ")", but found the end.'],
  ["SELECT * FROM 'a' WHERE a = 1 b", 'Expected the end of the statement, but found "b" at character 31.'],
  ["SELECT * FROM 'a' WHERE a ~ 1", 'Unexpected "~ 1" at character 27.'],
  ["UPDATE 'a'", 'Expected SELECT, but found "UPDATE" at character 1.'],
  ["SELECT timestamp(1) FROM 'a'", 'The function timestamp() takes no argument.'],
])('%s is no statement', (sql, message) => {
  expect(() => parseQuery(sql)).toThrow(expect.objectContaining({ code: 'SqlParseException', status: 400, message }));
});

test.each([
  ["SELECT upper(name) FROM 'a'", 'the function upper()'],
  ["SELECT a + 1 AS b FROM 'a'", '"+"'],
  ["SELECT a[0] FROM 'a'", '"["'],
  ["SELECT {'a': 1} AS b FROM 'a'", '"{"'],
  ["SELECT * FROM 'a' WHERE a IN [1]", 'IN'],
  ["SELECT * FROM 'a' WHERE EXISTS (SELECT * FROM b)", 'EXISTS'],
  ["SELECT CASE a WHEN 1 THEN 2 END FROM 'a'", 'CASE'],
  ["SELECT VALUE a FROM 'a'", 'VALUE'],
  ["SELECT (SELECT x FROM y) AS z FROM 'a'", 'a nested SELECT'],
  ["SELECT a AS b.c FROM 'a'", 'an alias with a dot'],
  ["SELECT 1 FROM 'a'", 'an expression without AS in SELECT'],
  ["SET @a = 1 SELECT * FROM 'a'", 'SET'],
])('%s is refused by name', (sql, what) => {
  expect(() => parseQuery(sql)).toThrow(`The IoT emulator of naetmul does not support ${what} in the SQL of rules.`);
});
