import type { DatabaseSettings } from './database.ts';

/** Names and their values, such as `process.env`. */
export type Settings = Readonly<Record<string, string | undefined>>;

/** Settings that are missing or wrong; each problem is a sentence. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join(' '));
    this.problems = problems;
  }
}

/** Where the database is and how to get in. Errors: `SettingsError`, which names everything that is missing. */
export function databaseSettings(settings: Settings): DatabaseSettings {
  const required = ['AWS_RDS_URL', 'AWS_RDS_ID', 'AWS_RDS_PASSWORD', 'AWS_RDS_DBNAME'];
  const missing = required.filter((name) => !settings[name]);
  if (missing.length > 0) throw new SettingsError(missing.map((name) => `${name} is missing.`));
  const { AWS_RDS_URL = '', AWS_RDS_ID = '', AWS_RDS_PASSWORD = '', AWS_RDS_DBNAME = '' } = settings;
  return {
    host: AWS_RDS_URL,
    port: port(settings, 'AWS_RDS_PORT', 3306, 1),
    user: AWS_RDS_ID,
    password: AWS_RDS_PASSWORD,
    database: AWS_RDS_DBNAME,
  };
}

/** Errors: `SettingsError` for what is no port from `min` on. */
export function port(settings: Settings, name: string, byDefault: number, min: number): number {
  const said = settings[name];
  if (said === undefined || said === '') return byDefault;
  const value = Number(said);
  if (Number.isInteger(value) && value >= min && value <= 65_535) return value;
  throw new SettingsError([`${name} must be a number from ${min} to 65535, not ${said}.`]);
}
