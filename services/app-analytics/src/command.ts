/** What the scripts of this service (`node src/…/main.ts`) have in common. */
import { type Environment, regionOf, signerFor } from './credentials.ts';
import { connectOpenSearch, describeFailure, type OpenSearch, openSearchUrl } from './opensearch.ts';

/** How long OpenSearch may take for one request, in ms. */
const ANSWER_WITHIN_MS = 60_000;

/** The command line is not understood. The message says what is missing. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Errors: `UsageError` without an endpoint. */
export function openSearchOf(endpoint: string | undefined, env: Environment): OpenSearch {
  if (!endpoint) throw new UsageError('Give --endpoint: the DomainEndpoint of the stack.');
  const url = openSearchUrl(endpoint, env.AWS_ENDPOINT_URL);
  return connectOpenSearch({
    url,
    region: regionOf(env),
    credentials: signerFor(url, env),
    answerWithinMs: ANSWER_WITHIN_MS,
  });
}

/** Runs a script; its errors are told in a line, with the exit code 2 for what was not understood, else 1. */
export async function runCommand(usage: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
    const cause = error instanceof Error && error.cause instanceof Error ? ` ${describeFailure(error.cause)}` : '';
    console.error(`${describeFailure(error)}${cause}${isUsage ? `\n\n${usage}` : ''}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}
