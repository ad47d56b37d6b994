import { cpus, loadavg, release, totalmem, type } from 'node:os';

/** What a reader must know of the machine to judge the numbers; nothing that says whose it is. */
export interface MachineDescription {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly software: string;
  /** Of the last minute, when the run began: more than a little means that something else was running. */
  readonly loadAverage: string;
}

export function describeMachine(): MachineDescription {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || 'unknown processor',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split(/[-+]/)[0]}`,
    software: `Node ${process.version}`,
    loadAverage: (loadavg()[0] ?? 0).toFixed(2),
  };
}
