import type { Engine } from '../engine.ts';
import { externalEngine } from '../external.ts';
import { mysqlVersion } from './version.ts';

/** A MySQL or MariaDB that someone else runs, by its `mysql://user:password@host:port` address. */
export function externalMysql(address: string): Engine {
  return externalEngine('mysql', address, () => mysqlVersion(address));
}
