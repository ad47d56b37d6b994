import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { controlClient, portOption, stackOptions } from './options.ts';

beforeEach(() => void vi.stubEnv('NAETMUL_URL', undefined));
afterEach(() => vi.unstubAllEnvs());

test('a bench is looked for at NAETMUL_URL, else at the port, which is not 0', () => {
  expect(controlClient({ port: 4567 }).edge).toBe('http://localhost:4567');
  expect(() => controlClient({ port: 0 })).toThrow(expect.objectContaining({ code: 'INVALID_PORT', blame: 'user' }));
  vi.stubEnv('NAETMUL_URL', 'http://bench:4566');
  expect(controlClient({ port: 0 }).edge).toBe('http://bench:4566');
});

test('only commands that start a bench offer a free port', () => {
  const [starting] = stackOptions();
  expect([starting?.long, portOption().long]).toEqual(['--port', '--port']);
  expect(starting?.description).toContain('0 takes a free one');
  expect(portOption().description).toContain('not 0');
});
