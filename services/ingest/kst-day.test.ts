import { describe, expect, test } from 'vitest';
import { dateFolder, hourFolders, kstDay, kstDayFolders } from './kst-day.ts';

const span = (day: string) => {
  const { start, end } = kstDay(day);
  return [new Date(start).toISOString(), new Date(end).toISOString()];
};

describe('kstDay', () => {
  test.each([
    ['2022-01-27', '2022-01-26T15:00:00.000Z', '2022-01-27T15:00:00.000Z'],
    ['2022-01-01', '2021-12-31T15:00:00.000Z', '2022-01-01T15:00:00.000Z'],
    ['2022-03-01', '2022-02-28T15:00:00.000Z', '2022-03-01T15:00:00.000Z'],
    ['2024-02-29', '2024-02-28T15:00:00.000Z', '2024-02-29T15:00:00.000Z'],
    ['2024-03-01', '2024-02-29T15:00:00.000Z', '2024-03-01T15:00:00.000Z'],
  ])('%s is from %s to %s', (day, start, end) => {
    expect(span(day)).toEqual([start, end]);
  });

  test.each(['2022-02-30', '2023-02-29', '2022-1-27', '2022-01-27T00:00', '20220127', ''])('%j is no date', (day) => {
    expect(() => kstDay(day)).toThrow(`"${day}" is not a date. Write it as 2022-01-27.`);
  });

  test('refuses days of daylight saving time, when Seoul was ten hours ahead', () => {
    expect(() => kstDay('1988-10-09')).toThrow('Korea had daylight saving time before 1988-10-10');
    expect(span('1988-10-10')[0]).toBe('1988-10-09T15:00:00.000Z');
  });
});

describe('kstDayFolders', () => {
  test('has the hour before the day and the 24 of the day, over two UTC dates', () => {
    const folders = kstDayFolders('2022-01-27');
    expect(folders).toHaveLength(25);
    expect(folders.slice(0, 2)).toEqual(['2022/01/26/14/', '2022/01/26/15/']);
    expect(folders.slice(9, 12)).toEqual(['2022/01/26/23/', '2022/01/27/00/', '2022/01/27/01/']);
    expect(folders.at(-1)).toBe('2022/01/27/14/');
  });

  test.each([
    ['2022-01-01', '2021/12/31/14/', '2022/01/01/14/'],
    ['2024-02-29', '2024/02/28/14/', '2024/02/29/14/'],
    ['2024-03-01', '2024/02/29/14/', '2024/03/01/14/'],
  ])('%s goes from %s to %s', (day, first, last) => {
    const folders = kstDayFolders(day);
    expect([folders[0], folders.at(-1)]).toEqual([first, last]);
  });

  test('goes on after the day for records that come late', () => {
    expect(kstDayFolders('2022-01-27', 2).slice(-3)).toEqual(['2022/01/27/14/', '2022/01/27/15/', '2022/01/27/16/']);
  });
});

test('hourFolders begins with the hour in which the span begins, and has none that begins at its end', () => {
  const folders = (from: string, to: string) => hourFolders(Date.parse(from), Date.parse(to));
  expect(folders('2021-12-31T22:59:59.999Z', '2022-01-01T00:00:00.001Z')).toEqual([
    '2021/12/31/22/',
    '2021/12/31/23/',
    '2022/01/01/00/',
  ]);
  expect(folders('2022-01-01T05:00:00Z', '2022-01-01T06:00:00Z')).toEqual(['2022/01/01/05/']);
});

test('dateFolder is the folder of a UTC date', () => {
  expect(dateFolder('2022-01-27')).toBe('2022/01/27/');
  expect(() => dateFolder('2022-13-01')).toThrow('is not a date');
});
