export type { Clock, ClockControl, ClockDiagnostics, ClockMode, Lock, SleepOptions, Timer } from './clock.ts';
export { formatDuration, formatInstant, parseDuration, parseInstant } from './instant.ts';
export { type Machine, type MachineTimer, machine } from './machine.ts';
export { type ClockMirror, createMirror } from './mirror.ts';
export { createRandom, type Random } from './random.ts';
export { createClock, type VirtualClockOptions } from './virtual-clock.ts';
