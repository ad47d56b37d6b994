import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from '../../../clock/index.ts';

/** Folders that a function's own code is not in; `__pycache__` changes by running it. */
const IGNORED = new Set(['node_modules', '__pycache__']);
/** In a larger folder, changes of the files beyond are not seen. */
const MAX_FILES = 2_000;
/** A look that takes longer than this, in ms, is not taken before each invocation. */
const CHEAP_MS = 2;
/** Of an expensive look, the part of all time that may be spent on it. */
const EXPENSIVE_SHARE = 0.1;

/** Says whether a folder has changed, by the times and sizes of its files. */
export class CodeStamp {
  readonly #dir: string;
  #newest: { readonly stamp: string; readonly at: number; readonly took: number } | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The same text as long as nothing has changed. */
  current(): string {
    const began = machine.monotonic();
    if (this.#newest !== undefined) {
      const { stamp, at, took } = this.#newest;
      if (took > CHEAP_MS && began - at < took / EXPENSIVE_SHARE) return stamp;
    }
    const stamp = stampOf(this.#dir);
    const ended = machine.monotonic();
    this.#newest = { stamp, at: ended, took: ended - began };
    return stamp;
  }
}

function stampOf(root: string): string {
  const folders = [root];
  let stamp = '';
  let files = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of entriesOf(folder)) {
      if (IGNORED.has(entry.name) || entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (++files > MAX_FILES) return stamp;
      else stamp += fileStamp(path);
    }
  }
  return stamp;
}

function fileStamp(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? `${path}|` : `${path}:${stat.mtimeMs}:${stat.size}:${stat.ino}|`;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Removed, or never there: the function's next start says so.
    return [];
  }
}
