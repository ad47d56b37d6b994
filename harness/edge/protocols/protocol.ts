import type { Call, Emulator, Operation } from '../emulator.ts';
import type { EdgeRequest, EdgeResponse } from '../http.ts';
import type { ErrorStyle } from './errors.ts';

/** An emulator's API, spoken in its protocol. */
export interface Protocol {
  readonly errorStyle: ErrorStyle;
  /** The operation that a request calls, or undefined for one that the emulator does not have. */
  find(request: EdgeRequest): FoundOperation | undefined;
  /** What to call a request that `find` does not find. */
  nameOf(request: EdgeRequest): string;
}

export interface FoundOperation {
  readonly name: string;
  /** Reads the input, runs the operation, writes its output. Throws what the operation throws. */
  call(call: Call): Promise<EdgeResponse>;
}

/** The operations of an emulator, whose inputs only the schemas know. */
export function operationsOf(emulator: Emulator): readonly Operation<unknown>[] {
  return emulator.operations as readonly Operation<unknown>[];
}
