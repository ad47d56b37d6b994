export type Environment = Readonly<Record<string, string | undefined>>;

/** The server is not configured rightly. The message says what is wrong and where to set it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Where a server listens: `HOST` and `PORT`. Errors: `ConfigError`. */
export function readAddress(env: Environment): { readonly host: string; readonly port: number } {
  const { PORT = '' } = env;
  const port = Number(PORT || '8000');
  if ((PORT !== '' && !/^\d+$/.test(PORT)) || port > 65_535) {
    throw new ConfigError(`PORT must be a number from 0 to 65535, not ${PORT}.`);
  }
  return { host: env.HOST || '127.0.0.1', port };
}
