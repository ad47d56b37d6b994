const STAGE_VARIABLE = /\$\{stageVariables\.([A-Za-z0-9_]+)\}/g;
const PATH_VARIABLE = /\{([^{}]+?)\+?\}/g;

/** Puts stage variables and path variables into an integration's URI. A path variable that nothing maps stays. */
export function fillVariables(
  uri: string,
  stageVariables: ReadonlyMap<string, string>,
  path: ReadonlyMap<string, string>,
): string {
  if (!/[{$]/.test(uri)) return uri;
  return uri
    .replace(STAGE_VARIABLE, (_whole, name: string) => stageVariables.get(name) ?? '')
    .replace(PATH_VARIABLE, (whole, name: string) => path.get(name) ?? whole);
}

export function queryString(parameters: readonly (readonly [string, string])[], begun: boolean): string {
  if (parameters.length === 0) return '';
  const text = parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&');
  return `${begun ? '&' : '?'}${text}`;
}

/** Half of a character, as JSON may have it, cannot be encoded. */
const encode = (text: string): string => encodeURIComponent(text.toWellFormed());
