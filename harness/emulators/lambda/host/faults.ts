/**
 * What can be made to go wrong at `lambda/<function>`:
 *
 * - `lose-response`: the handler finishes; its answer is dropped, so that the caller cannot know of it (500).
 * - `time-out`: the handler finishes; the invocation then ends as a time-out at once, without waiting for it.
 * - `crash`: the handler finishes, and the process is killed before its answer is taken.
 * - `crash-before`: the process is killed before the handler sees the event.
 * - `throttle`: 429; nothing runs.
 */
export const FAULT_KINDS = ['lose-response', 'time-out', 'crash', 'crash-before', 'throttle'] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

/** The fault of this name; undefined when this place knows none such. */
export function faultKind(name: string | undefined): FaultKind | undefined {
  return FAULT_KINDS.find((kind) => kind === name);
}
