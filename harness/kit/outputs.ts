import type { Outputs } from '../control/protocol.ts';

/** Reads the outputs of one pipeline's template; one that is not there is an error that names it. */
export function outputReader(outputs: Outputs, pipeline: string): (name: string) => string {
  const own = outputs[pipeline];
  if (!own) throw new Error(`The pipeline "${pipeline}" is not deployed.`);
  return (name) => {
    const value = own[name];
    if (value === undefined) throw new Error(`The template of "${pipeline}" has no output "${name}".`);
    return value;
  };
}
