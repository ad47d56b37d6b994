import { join } from 'node:path';
import type { ContainerRuntimeClient } from 'testcontainers';
import { makeRunsRoot } from '../leftovers.ts';
import { holdLock } from '../setup/lock.ts';
import { removeContainers } from './containers.ts';
import { engineOf, filterBy, isOrphan } from './labels.ts';

/** Containers that stay for the next run serve one bench at a time. Returns how to give it back; undefined when taken. */
export function claimKept(engine: string): (() => void) | undefined {
  return holdLock(join(makeRunsRoot(), 'kept', `${engine}.lock`));
}

/**
 * Removes the containers that `--reuse` has kept, but for those that a bench works with at this moment.
 * Returns how many there were.
 */
export async function removeKept(daemon: ContainerRuntimeClient): Promise<number> {
  const claims = new Map<string, (() => void) | undefined>();
  const isFree = (engine: string): boolean => {
    if (!claims.has(engine)) claims.set(engine, claimKept(engine));
    return claims.get(engine) !== undefined;
  };
  try {
    return await removeContainers(daemon, filterBy.kept(), ({ labels }) => isFree(engineOf(labels)));
  } finally {
    for (const giveBack of claims.values()) giveBack?.();
  }
}

/** Removes the containers of runs whose harness was killed. Returns how many there were. */
export async function sweepContainers(daemon: ContainerRuntimeClient): Promise<number> {
  return await removeContainers(daemon, filterBy.ours(), ({ labels }) => isOrphan(labels));
}
