import { hostname } from 'node:os';
import { identityOf, isAlive, type ProcessIdentity } from '../identity.ts';
import { runsRoot } from '../leftovers.ts';
import type { ImageOwner } from './images.ts';

/** What tells our containers from all others; the value is the engine's name, or the service's. */
const ENGINE = 'naetmul';
/** Who may clean up after it: runs of this user on this machine. A daemon may be shared by many. */
const OWNER = 'naetmul.owner';
/** The process that it must not outlive. */
const HARNESS = 'naetmul.harness';
/** The engine's folder in the run. */
const FOLDER = 'naetmul.folder';
/** It stays for the next run. */
const KEPT = 'naetmul.kept';

type Labels = Readonly<Record<string, string>>;

const owner = () => `${hostname()}:${runsRoot()}`;

/** Of a container that ends with the harness. */
export function runLabels(name: string, folder: string): Labels {
  return { [ENGINE]: name, [OWNER]: owner(), [FOLDER]: folder, [HARNESS]: JSON.stringify(identityOf(process.pid)) };
}

/** Of a container that stays. They must be the same in every run, for it is found by them. */
export function keptLabels(name: ImageOwner): Labels {
  return { [ENGINE]: name, [OWNER]: owner(), [KEPT]: 'true' };
}

/** Filters, as the daemon takes them. */
export const filterBy = {
  ours: (): readonly string[] => [ENGINE, `${OWNER}=${owner()}`],
  folder: (name: string, folder: string): readonly string[] => [...filterBy.engine(name), `${FOLDER}=${folder}`],
  engine: (name: string): readonly string[] => [`${ENGINE}=${name}`, `${OWNER}=${owner()}`],
  kept: (): readonly string[] => [...filterBy.ours(), KEPT],
};

/** The name of the engine whose container it is. */
export function engineOf(labels: Labels): string {
  return labels[ENGINE] ?? '';
}

export function isKept(labels: Labels): boolean {
  return labels[KEPT] !== undefined;
}

/** True for a container whose harness is gone: killed before it could remove it. */
export function isOrphan(labels: Labels): boolean {
  const harness = labels[HARNESS];
  if (isKept(labels) || harness === undefined) return false;
  try {
    return !isAlive(JSON.parse(harness) as ProcessIdentity);
  } catch {
    return false;
  }
}
