import { readFileSync } from 'node:fs';
import { parse } from 'ini';
import type { DatabaseSettings } from './database.ts';
import { databaseSettings, port, type Settings, SettingsError } from './settings.ts';

/** The sections of the ini file and what may stand in them. Environment variables have the same names, and win. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  AWS_DEFAULT: ['AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  AWS_SQS: ['AWS_SQS_NAME', 'AWS_SQS_ARN', 'AWS_SQS_URL'],
  AWS_RDS: ['AWS_RDS_ID', 'AWS_RDS_PASSWORD', 'AWS_RDS_URL', 'AWS_RDS_PORT', 'AWS_RDS_DBNAME'],
};

const WORKSHOP_REGION = 'ap-northeast-2';

export interface Config {
  /** Where the API server listens. */
  readonly host: string;
  readonly port: number;
  readonly region: string;
  readonly queueUrl: string;
  /** Undefined: the SDK looks where it always looks (environment, profile, role of the machine). */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Where AWS is, if not at AWS: `AWS_ENDPOINT_URL_SQS` or `AWS_ENDPOINT_URL`. */
  readonly endpoint: string | undefined;
  readonly database: DatabaseSettings;
}

/** The API server is not configured rightly. The message says what is wrong and where to set it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * The API server's configuration: the ini file that `COLLECTOR_CONFIG` names, if it does, and the environment, which
 * wins. Errors: `ConfigError`, which names everything that is missing.
 */
export function readConfig(env: Settings): Config {
  const file = env.COLLECTOR_CONFIG;
  const fromFile = file ? readIni(file) : {};
  const settings: Settings = { ...fromFile, ...definedIn(env) };
  const problems: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const queueUrl = attempt(() => queueUrlOf(settings));
  const database = attempt(() => databaseSettings(settings));
  const listenAt = attempt(() => port(settings, 'PORT', 8000, 0));
  if (queueUrl === undefined || database === undefined || listenAt === undefined) {
    const where = file
      ? `${file} or the environment`
      : 'the environment, or in an ini file that COLLECTOR_CONFIG names';
    throw new ConfigError(`${problems.join(' ')} Set it in ${where}; collector.ini.example shows how.`);
  }
  return {
    host: settings.HOST ?? '127.0.0.1',
    port: listenAt,
    region: settings.AWS_REGION ?? settings.AWS_DEFAULT_REGION ?? regionOf(queueUrl) ?? WORKSHOP_REGION,
    queueUrl,
    credentials: credentialsOf(env, fromFile),
    endpoint: settings.AWS_ENDPOINT_URL_SQS ?? settings.AWS_ENDPOINT_URL,
    database,
  };
}

function readIni(file: string): Settings {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { message } = cause as Error;
    throw new ConfigError(`The file that COLLECTOR_CONFIG names cannot be read: ${message}.`, { cause });
  }
  const settings: Record<string, string> = {};
  for (const [section, values] of Object.entries(parse(text))) {
    const known = SECTIONS[section];
    if (known === undefined || typeof values !== 'object') {
      const sections = Object.keys(SECTIONS).join(', ');
      throw new ConfigError(`${file}: ${section} is none of the sections ${sections}.`);
    }
    for (const [key, value] of Object.entries(values as Record<string, unknown>)) {
      if (!known.includes(key)) {
        throw new ConfigError(`${file}: ${key} is no setting of [${section}], only ${known.join(', ')}.`);
      }
      settings[key] = String(value);
    }
  }
  return definedIn(settings);
}

/** An empty value, as a compose file makes of a variable that is not set, is none. */
function definedIn(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined && value !== ''));
}

/** The queue's name and ARN are there to be read by people; they must not say another queue than the URL. */
function queueUrlOf(settings: Settings): string {
  const url = settings.AWS_SQS_URL;
  if (url === undefined) throw new SettingsError(['AWS_SQS_URL is missing.']);
  if (!URL.canParse(url)) throw new SettingsError([`AWS_SQS_URL is no URL: ${url}.`]);
  const name = new URL(url).pathname.split('/').at(-1);
  for (const [key, said] of [
    ['AWS_SQS_NAME', settings.AWS_SQS_NAME],
    ['AWS_SQS_ARN', settings.AWS_SQS_ARN?.split(':').at(-1)],
  ]) {
    if (said !== undefined && said !== name) {
      throw new SettingsError([`${key} says ${said}, but AWS_SQS_URL is that of ${name}.`]);
    }
  }
  return url;
}

/** `https://sqs.eu-west-1.amazonaws.com/…` tells its region. */
function regionOf(queueUrl: string): string | undefined {
  return /^sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(new URL(queueUrl).hostname)?.[1];
}

/** A key pair of the environment is the SDK's business: a session token may belong to it. */
function credentialsOf(env: Settings, file: Settings): Config['credentials'] {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = file;
  if (env.AWS_ACCESS_KEY_ID || accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey };
}
