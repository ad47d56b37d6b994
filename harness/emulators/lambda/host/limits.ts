import { availableParallelism } from 'node:os';

/**
 * What a response may have, in bytes: 6 MB and 100 bytes more, as AWS's runtime interface emulator has it
 * (`interop.MaxPayloadSize`) and AWS's error message says.
 */
export const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024 + 100;
/** How long the Init phase may take, in ms (AWS docs, lambda-runtime-environment). */
export const INIT_LIMIT_MS = 10_000;
/** The part of an invocation's log that `X-Amz-Log-Result` carries, in bytes (AWS docs, API_Invoke). */
export const LOG_TAIL_BYTES = 4 * 1024;
/** A line without an end is cut into events of this size, in bytes. */
export const MAX_LOG_LINE_BYTES = 256 * 1024;
/** An account's concurrency until it asks for more (AWS docs, lambda-concurrency). */
export const ACCOUNT_CONCURRENCY = 1_000;
/**
 * How many environments run on this machine at once unless told otherwise. More of them would only take each other's
 * turns, and a burst would begin with as many cold starts.
 */
export const MAX_ENVIRONMENTS = Math.max(8, 4 * availableParallelism());
/** How long a warm environment waits for work, in ms of the machine's time. */
export const IDLE_LIFE_MS = 5 * 60_000;
/** Pause between two looks at the memory of a process that runs an invocation, in ms. */
export const MEMORY_POLL_MS = 50;
/** How long the pipes of a process that has ended are given to show its last lines, in ms. */
export const DRAIN_LIMIT_MS = 200;
