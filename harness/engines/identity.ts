import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process, told apart from a later one that was given the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** An opaque mark of when the process began; `''` where the platform does not tell. */
  readonly startTime: string;
}

/** Field numbers of proc_pid_stat(5), counted from the state, which is the first after the parenthesised name. */
const STAT_STATE = 0;
const STAT_PGRP = 2;
const STAT_STARTTIME = 19;

function statFields(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** When a process began, or undefined when there is no such process. A zombie counts as gone. */
export function startTimeOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    const fields = statFields(pid);
    return fields === undefined || fields[STAT_STATE] === 'Z' ? undefined : `${fields[STAT_STARTTIME]}@${bootId()}`;
  }
  if (process.platform === 'darwin') {
    try {
      const ps = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return ps.trim() || undefined;
    } catch {
      return undefined;
    }
  }
  return signals(pid) ? '' : undefined;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid) ?? '' };
}

/** True while the very process that was meant still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  return startTimeOf(identity.pid) === identity.startTime;
}

/** The ticks in /proc/<pid>/stat count from boot, so they only mean something together with the boot. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8);
  } catch {
    return '';
  }
}

function signals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal to a whole process group; false when no process of it is left. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** True while any process that is not a zombie belongs to the group. */
export function groupIsAlive(leader: number): boolean {
  if (process.platform !== 'linux') return signalGroup(leader, 0);
  if (!signalGroup(leader, 0)) return false;
  return groupMembers(leader).length > 0;
}

/** The living members of a process group (Linux only; elsewhere the leader alone). */
export function groupMembers(leader: number): readonly number[] {
  if (process.platform !== 'linux') return startTimeOf(leader) === undefined ? [] : [leader];
  const members: number[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const fields = statFields(pid);
    if (fields !== undefined && fields[STAT_STATE] !== 'Z' && Number(fields[STAT_PGRP]) === leader) members.push(pid);
  }
  return members;
}
