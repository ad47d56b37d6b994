import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchMapping } from './match-mapping.ts';
import type { BasePathMapping } from './model.ts';

function mappingsOf(basePaths: readonly string[]) {
  return new Map(
    basePaths.map((basePath): [string, BasePathMapping] => [
      basePath,
      { id: basePath, basePath, restApiId: `api of ${basePath}`, stage: 'PROD' },
    ]),
  );
}

describe('a path is served', () => {
  const mappings = mappingsOf(['', 'orders/v1/items', 'orders/v2/items', 'orders/v2/items/categories']);

  test.each([
    ['/orders/v1/items', 'orders/v1/items', '/'],
    ['/orders/v2/items', 'orders/v2/items', '/'],
    ['/orders/v1/items/123', 'orders/v1/items', '/123'],
    ['/orders/v2/items/categories/5', 'orders/v2/items/categories', '/5'],
    ['/orders/v2/items/', 'orders/v2/items', '/'],
    ['/orders/v2/itemsx', '', '/orders/v2/itemsx'],
    ['/customers', '', '/customers'],
    ['/', '', '/'],
    ['//orders', '', '//orders'],
    ['/%6Frders/v1/items/a%2Fb', 'orders/v1/items', '/a%2Fb'],
    ['/orders%2Fv1/items', '', '/orders%2Fv1/items'],
    ['/%zz', '', '/%zz'],
  ])('%s by the mapping %j', (path, basePath, rest) => {
    expect(matchMapping(mappings, path)).toMatchObject({ mapping: { basePath }, stage: 'PROD', path: rest });
  });

  test('by nobody, where no mapping takes it', () => {
    expect(matchMapping(mappingsOf(['v1']), '/v2/x')).toBeUndefined();
    expect(matchMapping(mappingsOf([]), '/')).toBeUndefined();
  });

  test.each([
    ['/pets/PROD/v1/x', 'PROD', '/v1/x'],
    ['/pets/PROD', 'PROD', '/'],
    ['/pets', '', '/'],
  ])('of a mapping without a stage: %s names it', (path, stage, rest) => {
    const mappings = new Map([['pets', { id: 'm', basePath: 'pets', restApiId: 'a' }]]);
    expect(matchMapping(mappings, path)).toMatchObject({ stage, path: rest });
  });

  test('by the mapping with the most parts of all that the path begins with', () => {
    const part = fc.constantFrom('a', 'b', 'c');
    const basePath = fc.array(part, { maxLength: 3 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.uniqueArray(basePath, { maxLength: 8 }), fc.array(part, { maxLength: 5 }), (basePaths, parts) => {
        const path = `/${parts.join('/')}`;
        const longest = basePaths
          .filter((one) => one === '' || `${path}/`.startsWith(`/${one}/`))
          .sort((a, b) => b.length - a.length)[0];
        expect(matchMapping(mappingsOf(basePaths), path)?.mapping.basePath).toBe(longest);
      }),
    );
  });
});
