import type { EntryNumber } from '../../ledger/index.ts';
import type { EdgeRequest } from '../http.ts';
import type { Route, Scope } from '../route.ts';

/** Looks at calls that pass through to LocalStack. */
export interface PassThroughObserver {
  /** Decides by what can be told without reading the body. */
  matches(call: PassedCall): boolean;
  /** How much of a request's body `observe` wants at most; 0 for none. */
  readonly requestBytes: number;
  /** How much of an answer's body it wants at most; 0 for none. A larger body is not shown at all. */
  readonly responseBytes: number;
  /** Called when the outcome is known, before the caller gets the answer. */
  observe(call: PassedCall, outcome: PassedOutcome): void;
}

export interface PassedCall {
  readonly request: EdgeRequest;
  readonly service: string | undefined;
  readonly scope: Scope | undefined;
  readonly route: Route;
  /** The entry that the caller named as the cause, and whether it writes its own entries. */
  readonly cause: EntryNumber | undefined;
  readonly writesOwnEntries: boolean;
}

export type PassedOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      /** Undefined when it was larger than the observer asked for. */
      readonly requestBody: Buffer | undefined;
      readonly responseBody: Buffer | undefined;
    }
  /** The request was, or may have been, sent whole, and its answer never came. */
  | { readonly kind: 'unknown'; readonly reason: string; readonly requestBody: Buffer | undefined };
