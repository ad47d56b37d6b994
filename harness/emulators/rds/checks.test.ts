import { describe, expect, test } from 'vitest';
import type { AwsError } from '../../edge/aws-error.ts';
import { checkDatabaseName, checkEngine, checkIdentifier, checkPassword, checkUserName } from './checks.ts';

/** The error that a check answers with, as `code: message`. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    const { code, message } = error as AwsError;
    return `${code}: ${message}`;
  }
  throw new Error('It was not refused.');
}

const BAD_IDENTIFIER =
  'InvalidParameterValue: The parameter DBInstanceIdentifier is not a valid identifier. Identifiers must begin with a ' +
  'letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two ' +
  'consecutive hyphens.';
const BAD_PASSWORD = 'InvalidParameterValue: The parameter MasterUserPassword is not a valid password';
const PRINTABLE = `${BAD_PASSWORD}. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`;

describe('a DB instance', () => {
  test.each(['a', 'event-db', 'A1', 'a'.repeat(63)])('may be called %s, and is kept in lower case', (identifier) => {
    expect(checkIdentifier(identifier)).toBe(identifier.toLowerCase());
  });

  test.each(['', '1a', 'a-', 'a--b', 'a_b', '물', 'a'.repeat(64)])('may not be called "%s"', (identifier) => {
    expect(refusal(() => checkIdentifier(identifier))).toBe(BAD_IDENTIFIER);
  });

  test.each([
    [
      'postgres',
      'NotImplementedException: The RDS emulator of naetmul does not support the engine postgres, only mysql and mariadb.',
    ],
    [
      'oracle-ee',
      'NotImplementedException: The RDS emulator of naetmul does not support the engine oracle-ee, only mysql and mariadb.',
    ],
    ['sqlite', 'InvalidParameterValue: Invalid DB engine'],
    [undefined, 'MissingParameter: The request must contain the parameter Engine.'],
  ])('may not have the engine %s', (engine, message) => {
    expect(refusal(() => checkEngine(engine))).toBe(message);
  });

  test('has one of the two engines', () => {
    expect([checkEngine('mysql'), checkEngine('MariaDB')]).toEqual(['mysql', 'mariadb']);
  });

  test.each([
    ['1abcdefg', 'DBName must begin with a letter and contain only alphanumeric characters.'],
    ['event-db', 'DBName must begin with a letter and contain only alphanumeric characters.'],
    ['Mysql', 'DBName Mysql cannot be used as it is a reserved word used by the engine'],
  ])('may not have the database %s', (name, message) => {
    expect(refusal(() => checkDatabaseName(name))).toBe(`InvalidParameterValue: ${message}`);
  });

  test.each([
    ['1a', 'mysql', 'Invalid master user name'],
    ['a-b', 'mysql', 'Invalid master user name'],
    ['a'.repeat(17), 'mariadb', 'Invalid master user name'],
    ['rdsadmin', 'mysql', 'MasterUsername rdsadmin cannot be used as it is a reserved word used by the engine'],
  ] as const)('may not have the user %s (%s)', (name, engine, message) => {
    expect(refusal(() => checkUserName(name, engine))).toBe(`InvalidParameterValue: ${message}`);
  });

  test.each([
    ['1234567', `${BAD_PASSWORD} because it is shorter than 8 characters.`],
    ['a'.repeat(42), `${BAD_PASSWORD} because it is longer than 41 characters.`],
    ['with space', PRINTABLE],
    ['with/slash', PRINTABLE],
    ['with@sign', PRINTABLE],
    ['with"quote', PRINTABLE],
    ['비밀번호비밀번호', PRINTABLE],
  ])('may not have the password %s', (password, message) => {
    expect(refusal(() => checkPassword(password))).toBe(message);
  });
});
