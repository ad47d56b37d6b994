import { Database } from '../database.ts';
import { databaseSettings } from '../settings.ts';

interface SqsEvent {
  readonly Records: readonly { readonly body: string }[];
}

let database: Database | undefined;

/**
 * The workshop's first version of the event worker, kept to show what it does. It writes message after message and
 * throws at the first that fails: Lambda then hands it the whole batch again, and since nothing in its table is unique,
 * what had been written is written once more.
 */
export async function handler(event: SqsEvent): Promise<void> {
  database ??= new Database(databaseSettings(process.env), {
    connections: 1,
    connectWithinMs: 2_000,
    answerWithinMs: 2_500,
    repeat: false,
  });
  for (const { body } of event.Records) {
    const { event_id, event: name, user_id, event_datetime, parameters } = JSON.parse(body);
    await database.execute(
      'INSERT INTO naive_events (event_id, event, user_id, event_datetime, parameters) VALUES (?, ?, ?, ?, ?)',
      [
        event_id,
        name,
        user_id,
        event_datetime.slice(0, -1).replace('T', ' '),
        parameters && JSON.stringify(parameters),
      ],
    );
  }
}
