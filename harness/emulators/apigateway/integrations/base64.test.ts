import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readBase64 } from './base64.ts';

test('base64 gives its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(readBase64(Buffer.from(bytes).toString('base64'))).toEqual(Buffer.from(bytes));
    }),
  );
});

test('text is base64 if it is padded and of the first alphabet alone', () => {
  const unit = fc.constantFrom(...'Az09+/=-_ \n\r\tÿĀ한😀\0!');
  const almost = fc.tuple(fc.base64String(), fc.nat(), unit).map(([text, at, other]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + other + text.slice(place + 1);
  });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit, maxLength: 12 }), almost), (text) => {
      const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
      expect(readBase64(text) !== undefined).toBe(isBase64);
    }),
    { numRuns: 2000 },
  );
});
