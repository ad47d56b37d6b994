import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { groupMembers, identityOf, isAlive, type ProcessIdentity, signalGroup, startTimeOf } from './identity.ts';

/** What a run writes down about itself, so that a later one can clean up after it. */
interface RunRecord extends ProcessIdentity {
  readonly children: readonly (ProcessIdentity & { readonly name: string })[];
  readonly dirs: readonly string[];
}

/** One run of the harness: a temporary folder, and a note of all that must not outlive it. */
export interface Run extends Disposable {
  readonly id: string;
  /** The run's temporary folder; removed by `close`. */
  readonly dir: string;
  /** Notes a child process, which leads a process group of its own. Returns the way to say that it has ended. */
  addChild(child: { readonly pid: number; readonly name: string }): () => void;
  /** Notes another folder that goes away with the run. */
  addDir(dir: string): void;
  /** Removes the folders and the note. The children must have ended. Idempotent. */
  close(): void;
}

/** What `sweepLeftovers` did: names and pids of what it killed, and the folders it removed. */
export interface Swept {
  readonly killed: readonly { readonly pid: number; readonly name: string }[];
  readonly removed: readonly string[];
}

/** `<tmpdir>/naetmul-<uid>`: the notes and folders of all runs of this user. */
export function runsRoot(): string {
  return join(tmpdir(), `naetmul-${userInfo().uid}`);
}

/** Makes that folder. 0711: servers that run as another user must be able to pass through, but not to look around. */
export function makeRunsRoot(root: string = runsRoot()): string {
  mkdirSync(root, { recursive: true, mode: 0o711 });
  return root;
}

/**
 * Opens a run. Its folder has the smallest number that is free, so that the usual, lone run always has the same path:
 * Java's class archive (see opensearch/) is only good for the path it was made for.
 */
export function openRun(root: string = runsRoot()): Run {
  const records = join(root, 'runs');
  makeRunsRoot(root);
  mkdirSync(records, { recursive: true, mode: 0o700 });
  const id = reserve(root, records);
  const dir = join(root, id);
  const file = join(records, `${id}.json`);
  let record: RunRecord = { ...identityOf(process.pid), children: [], dirs: [dir] };
  const save = (): void => {
    // A rename, so that a sweep never reads half a record.
    writeFileSync(`${file}.new`, JSON.stringify(record));
    renameSync(`${file}.new`, file);
  };
  save();
  mkdirSync(dir, { mode: 0o711 });

  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    process.off('exit', close);
    for (const folder of record.dirs) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    rmSync(file, { force: true });
  };
  process.on('exit', close);
  return {
    id,
    dir,
    addChild({ pid, name }) {
      const child = { ...identityOf(pid), name };
      record = { ...record, children: [...record.children, child] };
      save();
      return () => {
        if (closed) return;
        record = { ...record, children: record.children.filter((other) => other !== child) };
        save();
      };
    },
    addDir(extra) {
      record = { ...record, dirs: [...record.dirs, extra] };
      save();
    },
    close,
    [Symbol.dispose]: close,
  };
}

function reserve(root: string, records: string): string {
  const taken = new Set(readdirSync(root));
  for (let number = 1; ; number++) {
    const id = `run-${number}`;
    if (taken.has(id)) continue;
    try {
      // Exclusive creation decides between two runs that start at the same moment.
      writeFileSync(
        join(records, `${id}.json`),
        JSON.stringify({ ...identityOf(process.pid), children: [], dirs: [] }),
        {
          flag: 'wx',
          mode: 0o600,
        },
      );
      return id;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/**
 * Kills the children and removes the folders of runs whose harness is gone (it was killed with SIGKILL, or the machine
 * went down). Runs that are alive are left alone.
 */
export function sweepLeftovers(root: string = runsRoot()): Swept {
  const killed: { pid: number; name: string }[] = [];
  const removed: string[] = [];
  const records = join(root, 'runs');
  for (const name of namesIn(records)) {
    const file = join(records, name);
    const record = name.endsWith('.json') ? readRecord(file) : undefined;
    if (record === undefined || isAlive(record)) continue;
    for (const child of record.children) {
      if (groupIsOurs(child) && signalGroup(child.pid, 'SIGKILL')) killed.push({ pid: child.pid, name: child.name });
    }
    for (const dir of [...record.dirs, join(root, name.slice(0, -'.json'.length))]) {
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
      if (!removed.includes(dir)) removed.push(dir);
    }
    rmSync(file, { force: true });
  }
  return { killed, removed };
}

/**
 * True when the process group that a child led is still the one it was. The child itself may have died before the
 * programs that it had started; as long as they live, the kernel gives the number of their group to no other process.
 */
function groupIsOurs(child: ProcessIdentity): boolean {
  const now = startTimeOf(child.pid);
  if (now !== undefined) return now === child.startTime;
  return process.platform === 'linux' && groupMembers(child.pid).length > 0 && sameBoot(child);
}

function sameBoot(child: ProcessIdentity): boolean {
  return child.startTime.split('@')[1] === identityOf(process.pid).startTime.split('@')[1];
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readRecord(file: string): RunRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  } catch {
    return undefined;
  }
}
