/** Why there is no answer, for programs and for people. */
export interface Failure<Code extends string = FailureCode> {
  readonly error: { readonly code: Code; readonly message: string };
}

/** The codes that every server has. */
export type FailureCode = 'bad-request' | 'not-found' | 'search-away' | 'search-refuses' | 'internal';
