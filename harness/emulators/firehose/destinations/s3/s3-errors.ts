import type { Attempt } from '../destination.ts';

/** Tells of an error of S3 in the stream's error log. */
export function reportS3Error(error: unknown, attempt: Pick<Attempt, 'reportError'>): void {
  const { code, message } = describeS3Error(error);
  attempt.reportError(code, message);
}

export function describeS3Error(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'S3.InternalError', message: String(error) };
  return { code: `S3.${error.name}`, message: error.message };
}
