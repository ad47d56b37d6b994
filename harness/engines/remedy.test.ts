import { expect, test } from 'vitest';
import { likelyRemedy } from './remedy.ts';

test.for([
  ['Do you already have another mysqld server running on port: 3306 ?', 'port'],
  ['java.net.BindException: Address already in use', 'port'],
  ['OSError: [Errno 28] No space left on device', 'disk is full'],
  ['# There is insufficient memory for the Java Runtime Environment to continue.', 'memory'],
  ['mariadbd: error while loading shared libraries: libaio.so.1: cannot open shared object file', 'library'],
  ['java.nio.file.AccessDeniedException: /x', 'may not read or write'],
  ['ERROR: No matching distribution found for awscrt==0.31.2', 'Python 3.10 to 3.13'],
  ['ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.', 'not what was recorded'],
  ['npm error code ENOTFOUND', 'could not be reached'],
] as const)('"%s" leads to a remedy about: %s', ([line, about]) => {
  expect(likelyRemedy(['INFO booting', line, 'bye'])).toContain(about);
});

test('an unknown failure has no remedy made up for it', () => {
  expect(likelyRemedy(['something else'])).toBeUndefined();
});
