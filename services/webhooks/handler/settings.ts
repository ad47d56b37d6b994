/** A variable of the function's environment. Throws when it is missing. */
export function setting(name: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is missing from the environment.`);
  return value;
}
