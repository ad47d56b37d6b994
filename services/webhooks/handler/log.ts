export type Level = 'info' | 'warn' | 'error';

/** Writes one line about one thing that happened. */
export type Log = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** A line of JSON for each call. What others sent stands in `fields` only: JSON keeps it from making lines of its own. */
export const jsonLog: Log = (level, message, fields = {}) => {
  console[level](JSON.stringify({ level, message, ...fields }));
};
