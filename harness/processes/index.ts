export { COMPOSE_FILE, loadProcesses } from './compose-file.ts';
export type { Values } from './environment.ts';
export { findNginx, type Nginx } from './nginx.ts';
export type { ProcessPlan } from './plan.ts';
export { type RunningProcesses, type StartOptions, startProcesses } from './start.ts';
