/** MySQL (or MariaDB in its place): the real database that the collector and the consumers write to. */
export { dockerMysql } from './docker.ts';
export { externalMysql } from './external.ts';
export { mysqlOnPath, type SqlFlavour } from './install.ts';
export { type NativeMysqlOptions, nativeMysql } from './native.ts';
