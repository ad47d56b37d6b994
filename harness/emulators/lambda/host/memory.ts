import { readFileSync } from 'node:fs';
import { type MachineTimer, machine } from '../../../clock/index.ts';
import { MEMORY_POLL_MS } from './limits.ts';

/** What a process has and has had in memory, in bytes; see proc_pid_status(5). */
interface Resident {
  readonly now: number;
  readonly peak: number;
}

/** Undefined when the process is gone, or where there is no /proc. */
function residentOf(pid: number): Resident | undefined {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return undefined;
  }
  const field = (name: string): number => {
    const at = status.indexOf(`${name}:`);
    return at === -1 ? 0 : Number.parseInt(status.slice(at + name.length + 1), 10) * 1024;
  };
  const now = field('VmRSS');
  return now === 0 ? undefined : { now, peak: field('VmHWM') };
}

/** Watches the resident memory of one process after another while invocations run. */
export class MemoryWatch {
  readonly #limit: number | undefined;
  #peak = 0;
  #timer: MachineTimer | undefined;

  /** @param limit in bytes; undefined: whatever it takes */
  constructor(limit: number | undefined) {
    this.#limit = limit;
  }

  /** The most that was seen, in bytes; 0 where it cannot be seen. */
  get peak(): number {
    return this.#peak;
  }

  /** Looks until `stop`; calls `exceeded` once when the process has more than it may have. */
  start(pid: number, exceeded: () => void): void {
    this.stop();
    const look = (): void => {
      this.#timer = undefined;
      const resident = this.#look(pid);
      if (resident === undefined) return;
      if (this.#limit !== undefined && resident.now > this.#limit) exceeded();
      else this.#timer = machine.setTimer(MEMORY_POLL_MS, look);
    };
    this.#timer = machine.setTimer(MEMORY_POLL_MS, look);
  }

  /** Looks a last time, for the peak. */
  finish(pid: number): void {
    this.stop();
    this.#look(pid);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #look(pid: number): Resident | undefined {
    const resident = residentOf(pid);
    if (resident !== undefined) this.#peak = Math.max(this.#peak, resident.peak);
    return resident;
  }
}
