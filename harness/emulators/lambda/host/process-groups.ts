const running = new Set<number>();
let exitHookInstalled = false;

/** Sends a signal to a process group; says nothing when no process of it is left. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // Every process of the group has ended.
  }
}

/** The last resort: whatever way the harness ends, short of `kill -9`, no function's process outlives it. */
export function killOnExit(leader: number): void {
  running.add(leader);
  if (exitHookInstalled) return;
  exitHookInstalled = true;
  process.on('exit', () => {
    for (const group of running) signalGroup(group, 'SIGKILL');
  });
}

export function forgetGroup(leader: number): void {
  running.delete(leader);
}
