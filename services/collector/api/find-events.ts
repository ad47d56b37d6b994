import type { Database } from '../database.ts';
import { type FoundEvent, fromSqlDatetime, type Parameters } from '../event.ts';

/** Rows of one statement: a user with very many events is read bit by bit. */
const PAGE_ROWS = 1_000;

interface Row {
  readonly id: number;
  readonly event_id: string;
  readonly event: string;
  readonly event_datetime: string;
  /** The value where the server says that the column is JSON, as MySQL does; else, as with old MariaDBs, its text. */
  readonly parameters: Parameters | string | null;
}

const COLUMNS = 'SELECT id, event_id, event, event_datetime, parameters FROM events WHERE user_id = ?';
const ORDER = 'ORDER BY event_datetime, id LIMIT';

/** The events of a user, oldest first, in pages. Errors: see `Database.execute`. */
export async function* findEvents(
  database: Pick<Database, 'execute'>,
  userId: string,
  pageRows = PAGE_ROWS,
): AsyncGenerator<readonly FoundEvent[]> {
  let rows = await database.execute<Row[]>(`${COLUMNS} ${ORDER} ${pageRows}`, [userId]);
  yield rows.map(foundEvent);
  for (let last = rows.at(-1); rows.length === pageRows && last !== undefined; last = rows.at(-1)) {
    rows = await database.execute<Row[]>(
      `${COLUMNS} AND (event_datetime > ? OR (event_datetime = ? AND id > ?)) ${ORDER} ${pageRows}`,
      [userId, last.event_datetime, last.event_datetime, last.id],
    );
    if (rows.length > 0) yield rows.map(foundEvent);
  }
}

function foundEvent({ event_id, event, event_datetime, parameters }: Row): FoundEvent {
  return { event_id, event, event_datetime: fromSqlDatetime(event_datetime), parameters: parametersOf(parameters) };
}

/** MySQL keeps the members of JSON in an order of its own. */
function parametersOf(stored: Row['parameters']): Parameters | null {
  const value: Parameters | null = typeof stored === 'string' ? JSON.parse(stored) : stored;
  if (value === null) return null;
  const { order_id, currency, price } = value;
  return { order_id, currency, price };
}
