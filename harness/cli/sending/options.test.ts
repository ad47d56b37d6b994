import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { POLICIES } from '../../../fixtures/senders/index.ts';
import {
  parseAddress,
  parseConnections,
  parseCount,
  parseDurations,
  parseFactor,
  parseRate,
  parseShare,
  policyOf,
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
    [parseFactor, ['', 'x', '-1', 'Infinity']],
    [parseAddress, ['localhost', ':80', 'localhost:99999', 'localhost:x']],
  ] as const)('is refused by %o', (parse: (text: string) => unknown, texts) => {
    for (const text of texts) expect(() => parse(text), text).toThrow(InvalidArgumentError);
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
