import { errors } from './errors.ts';

/** The engines that the real server can stand for. */
export type EngineName = 'mysql' | 'mariadb';

/** What else RDS has. Source: RDS API reference, CreateDBInstance, "Engine". */
const OTHER_ENGINES = /^(aurora-mysql|aurora-postgresql|postgres|db2-(ae|se)|(custom-)?(oracle|sqlserver)-[a-z0-9-]+)$/;

/** Characters. Source: RDS API reference, CreateDBInstance. */
const MAX_IDENTIFIER_LENGTH = 63;
const PASSWORD_LENGTH = { min: 8, max: 41 };
const MAX_USER_NAME_LENGTH: Readonly<Record<EngineName, number>> = { mysql: 32, mariadb: 16 };

/** Source: RDS API reference ("reserved word for the chosen database engine"); the names are RDS's own users. */
const RESERVED_USERS = ['rdsadmin', 'rdsrepladmin', 'rds_superuser_role', 'mysql', 'mariadb'];
const RESERVED_DATABASES = ['mysql', 'sys', 'information_schema', 'performance_schema', 'innodb', 'tmp'];

export function checkEngine(engine: string | undefined): EngineName {
  if (engine === undefined) throw errors.missing('Engine');
  const name = engine.toLowerCase();
  if (name === 'mysql' || name === 'mariadb') return name;
  if (OTHER_ENGINES.test(name)) throw errors.unsupported(`the engine ${engine}, only mysql and mariadb`);
  throw errors.invalid('Invalid DB engine');
}

/** In lower case, as RDS keeps it. */
export function checkIdentifier(identifier: string | undefined): string {
  if (identifier === undefined) throw errors.missing('DBInstanceIdentifier');
  const valid = /^[a-zA-Z](?:-?[a-zA-Z0-9])*$/.test(identifier) && identifier.length <= MAX_IDENTIFIER_LENGTH;
  if (valid) return identifier.toLowerCase();
  throw errors.invalid(
    'The parameter DBInstanceIdentifier is not a valid identifier. Identifiers must begin with a letter; must ' +
      'contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.',
  );
}

export function checkDatabaseName(name: string | undefined): string {
  if (name === undefined || name === '') {
    throw errors.unsupported('a DB instance without a DBName: what its user may touch is that one database');
  }
  if (!/^[a-zA-Z][a-zA-Z0-9_]{0,63}$/.test(name)) {
    throw errors.invalid('DBName must begin with a letter and contain only alphanumeric characters.');
  }
  if (RESERVED_DATABASES.includes(name.toLowerCase())) {
    throw errors.invalid(`DBName ${name} cannot be used as it is a reserved word used by the engine`);
  }
  return name;
}

export function checkUserName(name: string | undefined, engine: EngineName): string {
  if (name === undefined) throw errors.missing('MasterUsername');
  if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(name) || name.length > MAX_USER_NAME_LENGTH[engine]) {
    throw errors.invalid('Invalid master user name');
  }
  if (RESERVED_USERS.includes(name.toLowerCase())) {
    throw errors.invalid(`MasterUsername ${name} cannot be used as it is a reserved word used by the engine`);
  }
  return name;
}

export function checkPassword(password: string | undefined): string {
  if (password === undefined) throw errors.missing('MasterUserPassword');
  const refuse = (why: string) => errors.invalid(`The parameter MasterUserPassword is not a valid password${why}`);
  const { min, max } = PASSWORD_LENGTH;
  if (password.length < min) throw refuse(` because it is shorter than ${min} characters.`);
  if (password.length > max) throw refuse(` because it is longer than ${max} characters.`);
  if (/^[!#-.0-?A-~]+$/.test(password)) return password;
  throw refuse(`. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`);
}
