/** Where a MySQL server is, and who may do everything there. */
export interface MysqlAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** The parts of `mysql://root:secret@127.0.0.1:41235`. */
export function mysqlAddress(endpoint: string): MysqlAddress {
  const { hostname, port, username, password } = new URL(endpoint);
  return {
    host: hostname,
    port: Number(port),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
}
