import { expect, test } from 'vitest';
import { choosePython } from './index.ts';

const python = (version: string) => ({ executable: `/usr/bin/python${version}`, version });

test('a function runs with its own Python where there is one, else with the first that is supported', () => {
  const pythons = [python('3.9.18'), python('3.11.7'), python('3.12.1')];
  expect(choosePython(pythons, 'python3.12').version).toBe('3.12.1');
  expect(choosePython(pythons, 'python3.13').version).toBe('3.11.7');
  expect(choosePython(pythons, 'python3.1').version).toBe('3.11.7');
});

test('without a supported Python, the error names what was found', () => {
  expect(() => choosePython([python('3.9.18')], 'python3.12')).toThrow(
    'A python3.12 function needs Python 3.10 to 3.14 with venv; only 3.9.18 was found on the PATH.',
  );
  expect(() => choosePython([], 'python3.12')).toThrow('none with venv was found on the PATH');
});
