import { expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

test('NAETMUL_CACHE decides on every platform', () => {
  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    expect(cacheFolder({ NAETMUL_CACHE: '/big/disk' }, platform, '/home/kim')).toBe('/big/disk');
  }
});

test('without it, the cache lies where the platform keeps caches', () => {
  expect(cacheFolder({}, 'linux', '/home/kim')).toBe('/home/kim/.cache/naetmul');
  expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, 'linux', '/home/kim')).toBe('/xdg/naetmul');
  expect(cacheFolder({}, 'darwin', '/Users/kim')).toBe('/Users/kim/Library/Caches/naetmul');
  expect(cacheFolder({ LOCALAPPDATA: 'C:\\kim\\Local' }, 'win32', 'C:\\kim')).toBe('C:\\kim\\Local\\naetmul');
});

test('a relative XDG_CACHE_HOME is ignored, as its specification says', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: 'here' }, 'linux', '/home/kim')).toBe('/home/kim/.cache/naetmul');
});
