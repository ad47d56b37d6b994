import { expect, test } from 'vitest';
import { planMatrix } from './plan.ts';

test('a machine without Docker and MySQL tries both emulators of AWS with both players of Kinesis', () => {
  const columns = planMatrix({ docker: 'no daemon', mysql: 'no mysqld' });
  expect(columns.map(({ id, notPossible }) => [id, notPossible])).toEqual([
    ['native-localstack-own-kinesis-mariadb', undefined],
    ['native-localstack-naetmul-kinesis-mariadb', undefined],
    ['native-ministack-own-kinesis-mariadb', undefined],
    ['native-ministack-naetmul-kinesis-mariadb', undefined],
    ['mysql', 'no mysqld'],
    ['docker', 'no daemon'],
  ]);
});

test('a machine with all of it tries every combination', () => {
  const columns = planMatrix({ docker: true, mysql: true });
  expect(columns).toHaveLength(2 * 2 * 2 + 2);
  expect(new Set(columns.map(({ id }) => id)).size).toBe(columns.length);
  expect(columns.every(({ notPossible }) => notPossible === undefined)).toBe(true);
});

test('a column is the options of `naetmul scenarios`', () => {
  const columns = planMatrix({ docker: true, mysql: true });
  const options = columns.map((column) => column.arguments.join(' '));
  expect(options[3]).toBe('--stack native --engine aws=localstack --engine kinesis=naetmul --engine mysql=mysql');
  expect(options.at(-1)).toBe('--stack docker --engine aws=localstack --engine kinesis=naetmul');
});
