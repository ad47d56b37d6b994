import { expect, test } from 'vitest';
import { idOf, judge, SENSORS, WARNING_FROM } from '../handler/reading.ts';
import { A_DAY, aDay, readCreatedTime } from './day.ts';

const WHOLE = aDay().toArray();

test('a day has every reading of every detector, in the order of time', () => {
  expect(WHOLE).toHaveLength(A_DAY.detectors * 24 * 60);
  expect(WHOLE.slice(0, 5).map(({ groupid, no2 }) => [groupid, no2.createdtime])).toEqual([
    ['1', '2021-09-03 00:00:00'],
    ['2', '2021-09-03 00:00:15'],
    ['3', '2021-09-03 00:00:30'],
    ['4', '2021-09-03 00:00:45'],
    ['1', '2021-09-03 00:01:00'],
  ]);
  const times = WHOLE.map(({ no2 }) => readCreatedTime(no2.createdtime) ?? 0);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(WHOLE.at(-1)?.no2.createdtime).toBe('2021-09-03 23:59:45');
});

test('each reading is good, has the workshop’s form, and is another', () => {
  for (const reading of WHOLE) expect(judge(reading).good).toBe(true);
  expect(new Set(WHOLE.map((reading) => idOf({ ...reading }))).size).toBe(WHOLE.length);
  expect(WHOLE[1]).toMatchObject({
    groupid: '2',
    gps: '37.61002501514269, 126.99636868892937',
    co: { sensorid: '0005', sensortype: '8', value: expect.stringMatching(/^\d+\.\d\d$/) },
    no2: { sensorid: '0006', sensortype: '9', value: expect.stringMatching(/^\d+\.\d\d$/) },
    c2h5oh: { sensorid: '0007', sensortype: '27', value: expect.stringMatching(/^\d+\.\d\d$/) },
    h2: { sensorid: '0008', sensortype: '30', value: expect.stringMatching(/^\d{3}$/) },
  });
});

test('NO₂ passes the threshold now and then: some are warned of, most are not', () => {
  const warned = WHOLE.filter(({ no2 }) => Number(no2.value) >= WARNING_FROM).length;
  expect(warned).toBeGreaterThan(20);
  expect(warned).toBeLessThan(WHOLE.length / 5);
});

test('the same seed makes the same day, another one another', () => {
  const values = (options: Parameters<typeof aDay>[0]) => aDay({ everySeconds: 3600, ...options }).toArray();
  expect(values({ seed: 'a' })).toEqual(values({ seed: 'a' }));
  const days = [{ seed: 'a' }, { seed: 'b' }, { seed: 'a', day: '2021-09-04' }];
  expect(new Set(days.map((one) => values(one)[0]?.co.value)).size).toBe(days.length);
  // Another detector more changes nothing of the others.
  const first = (detectors: number) => values({ detectors }).filter(({ groupid }) => groupid === '1');
  expect(first(5)).toEqual(first(1));
});

test.each([
  ['2021-09-03 18:14:49', Date.UTC(2021, 8, 3, 18, 14, 49)],
  ['2021-09-03T18:14:49', undefined],
  ['2021-13-03 18:14:49', undefined],
  [undefined, undefined],
])('the time %s is %s', (text, time) => {
  expect(readCreatedTime(text)).toBe(time);
});

test('all sensors are read at one time', () => {
  for (const reading of WHOLE) expect(new Set(SENSORS.map((name) => reading[name].createdtime)).size).toBe(1);
});
