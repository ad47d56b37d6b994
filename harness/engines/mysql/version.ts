import { createConnection } from 'mysql2/promise';

/** How long a server may take to let one in, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** What a server says it is: `8.4.3`, `11.4.5-MariaDB`. Throws when it does not let one in. */
export async function mysqlVersion(address: string): Promise<string> {
  const connection = await createConnection({ uri: address, connectTimeout: CONNECT_TIMEOUT_MS });
  try {
    const [rows] = await connection.query('SELECT VERSION() AS version');
    const version = (rows as readonly { readonly version?: unknown }[])[0]?.version;
    if (typeof version !== 'string') throw new Error('SELECT VERSION() gave no text');
    return version;
  } finally {
    connection.destroy();
  }
}
