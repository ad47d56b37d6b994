import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { eventsOf, POLICIES, SENDERS, type Series } from '../../../fixtures/senders/index.ts';
import {
  parseAddress,
  parseConnections,
  parseCount,
  parseDurations,
  parseFactor,
  parseRate,
  parseShare,
  policyOf,
  refuseYears,
} from './options.ts';

describe('an option of naetmul send', () => {
  test.each([
    [parseCount, '1000', 1000],
    [parseConnections, '64', 64],
    [parseRate, '0.5', 0.5],
    [parseRate, 'max', Number.POSITIVE_INFINITY],
    [parseShare, '5%', 0.05],
    [parseShare, '0.05', 0.05],
    [parseShare, '100%', 1],
    [parseShare, '0', 0],
    [parseFactor, '0.001', 0.001],
    [parseFactor, '1000', 1_000],
    [parseDurations, '1s,5s, 1m30s', [1_000, 5_000, 90_000]],
    [parseDurations, 'none', []],
    [parseAddress, 'localhost:8443', { host: 'localhost', port: 8443 }],
    [parseAddress, '[::1]:8443', { host: '::1', port: 8443 }],
  ] as const)('is read by %o from %s', (parse: (text: string) => unknown, text, value) => {
    expect(parse(text)).toEqual(value);
  });

  test.each([
    [parseCount, ['0', '1.5', 'many', '', '1e9']],
    [parseConnections, ['0', '1001', 'x']],
    [parseRate, ['0', '-1', 'fast', '', ' ', 'Infinity', 'NaN']],
    [parseShare, ['5', '101%', '-1%', '%', '', '5 %']],
    [parseFactor, ['', 'x', '-1', 'Infinity', '1000.1', '1e308']],
    [parseAddress, ['localhost', ':80', 'localhost:99999', 'localhost:x']],
  ] as const)('is refused by %o', (parse: (text: string) => unknown, texts) => {
    for (const text of texts) expect(() => parse(text), text).toThrow(InvalidArgumentError);
  });

  test.each([
    { from: '0001-01-01T00:00:00Z', count: 2, rate: 1 },
    { from: '9999-12-31T14:59:59Z', count: 1, rate: 1e-300 },
    { from: '9999-12-31T14:59:58Z', count: 2, rate: 1 },
    { from: '9999-12-31T14:59:59Z', count: 9, rate: Number.POSITIVE_INFINITY },
    { from: '2022-01-27T00:00:00Z', count: 3, spreadMs: 1e14 },
  ])('lets events happen within four digits of the year: %o', ({ from, ...others }) => {
    const series = { ...others, seed: 1, from: Date.parse(from) } as Series;
    expect(() => refuseYears(series)).not.toThrow();
    for (const sender of SENDERS) expect([...eventsOf(sender, series)]).toHaveLength(series.count);
  });

  test.each([
    { from: '0000-12-31T23:59:59Z', count: 2, rate: 1 },
    { from: '9999-12-31T15:00:00Z', count: 1, rate: 1 },
    { from: '9999-12-31T14:59:58Z', count: 4, rate: 1 },
    { from: '2022-01-27T00:00:00Z', count: 2, rate: 1e-300 },
    { from: '2022-01-27T00:00:00Z', count: 3, spreadMs: 8.64e15 },
  ])('does not let them happen outside: %o', ({ from, ...others }) => {
    const series = { ...others, seed: 1, from: Date.parse(from) } as Series;
    expect(() => refuseYears(series)).toThrow(expect.objectContaining({ code: 'BEYOND_YEARS' }));
  });

  test('changes of a sender’s patience what it names, and no more', () => {
    expect(policyOf('appsflyer', {})).toEqual(POLICIES.appsflyer);
    expect(policyOf('appsflyer', { accept: '2xx', timeout: 500, retries: [1_000, 2_000], retryScale: 0.5 })).toEqual({
      ...POLICIES.appsflyer,
      accepts: '2xx',
      timeoutMs: 500,
      retryAfterMs: [500, 1_000],
    });
  });
});
