export type Level = 'info' | 'warn' | 'error';

/** Writes one line about one thing that happened. */
export type Log = (level: Level, message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** A line of JSON for each call, to standard output or, from `warn` on, to standard error. */
export const jsonLog: Log = (level, message, fields = {}) => {
  const line = JSON.stringify({ time: new Date().toISOString(), level, message, ...fields });
  if (level === 'info') console.log(line);
  else console[level](line);
};
