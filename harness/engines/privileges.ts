import { chmodSync, chownSync, copyFileSync, linkSync, mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on Linux and macOS: a user that owns nothing, which servers run as when the harness runs as root. */
const NOBODY: Owner = process.platform === 'darwin' ? { uid: 4294967294, gid: 4294967294 } : { uid: 65534, gid: 65534 };

/** The user that servers are to run as; undefined when the harness is not root and they simply run as its user. */
export function serverOwner(): Owner | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** Makes folders (and the files in them) the server's own. Does nothing when there is no other owner. */
export function giveTo(owner: Owner | undefined, ...paths: readonly string[]): void {
  if (owner === undefined) return;
  for (const path of paths) {
    chownSync(path, owner.uid, owner.gid);
    if (!statSync(path).isDirectory()) continue;
    for (const entry of readdirSync(path)) giveTo(owner, join(path, entry));
  }
}

/** True when every folder on the way lets others pass, as the cache of root under /root (0700) does not. */
export function othersCanReach(path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

/**
 * A copy of an installation that another user can read: hard links where both are on one file system, else true copies.
 * The content and the modification times stay; nobody but root can write to it.
 */
export function readableCopy(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const target = join(to, entry.name);
    if (entry.isDirectory()) readableCopy(source, target);
    else linkOrCopy(source, target);
  }
}

export function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
    const { atime, mtime } = statSync(source);
    utimesSync(target, atime, mtime);
  }
}
