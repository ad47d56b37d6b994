import type { Database } from '../database.ts';
import { type EventMessage, toSqlDatetime } from '../event.ts';

/** The table that events are stored in. */
export interface EventTable {
  /**
   * Stores all of the events or none. One whose `event_id` is there already stays as it was first stored.
   * Resolves with the number of rows that are new. Errors: see `Database.execute`.
   */
  insert(events: readonly EventMessage[]): Promise<number>;
}

export function eventTable(database: Pick<Database, 'execute'>): EventTable {
  return {
    async insert(events) {
      const rows = events.map(() => '(?, ?, ?, ?, ?)').join(', ');
      // IGNORE would also take what does not fit, cut off. A row that is set to what it is does not change.
      const sql = `INSERT INTO events (event_id, event, user_id, event_datetime, parameters) VALUES ${rows}
        ON DUPLICATE KEY UPDATE event_id = events.event_id`;
      const { affectedRows } = await database.execute<{ affectedRows: number }>(sql, events.flatMap(valuesOf));
      return affectedRows;
    },
  };
}

function valuesOf({ event_id, event, user_id, event_datetime, parameters }: EventMessage): (string | null)[] {
  const json = parameters === null ? null : JSON.stringify(parameters);
  return [event_id, event, user_id, toSqlDatetime(event_datetime), json];
}
