import type { OpenSearch } from '../../services/app-analytics/src/opensearch.ts';
import { NaetmulError } from '../errors.ts';
import { controlClient } from './options.ts';

/** The pipeline's folder in `services/`. */
const PIPELINE = 'app-analytics';
/** Where the bench makes the pipelines' resources, and the credentials that it takes. */
export const REGION = 'ap-northeast-2';
export const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
/** How long OpenSearch may take for one request, in ms. */
const ANSWER_WITHIN_MS = 60_000;

/** The running bench, as the commands about the app's events need it. */
export interface AnalyticsBench {
  readonly edge: string;
  /** An output of the pipeline's template, or `Url`, its view. Errors: `NOT_DEPLOYED`. */
  output(name: string): string;
  /** The pipeline's domain, asked with a signature. */
  openSearch(): Promise<OpenSearch>;
}

/** Errors: `NOT_RUNNING`, and `NOT_DEPLOYED` when the bench has no such pipeline. */
export async function analyticsBench(options: { readonly port: number }): Promise<AnalyticsBench> {
  const client = controlClient(options);
  const outputs = (await client.outputs())[PIPELINE];
  const output = (name: string) => {
    const value = outputs?.[name];
    if (value !== undefined) return value;
    throw new NaetmulError('NOT_DEPLOYED', `This bench has no ${name} of services/${PIPELINE}.`, {
      remedy:
        'See with `naetmul status` which pipelines it runs, and with `naetmul logs deploy` what became of this one.',
    });
  };
  return {
    edge: client.edge,
    output,
    async openSearch() {
      // Only now: the client is large.
      const { connectOpenSearch, openSearchUrl } = await import('../../services/app-analytics/src/opensearch.ts');
      return connectOpenSearch({
        url: openSearchUrl(output('DomainEndpoint'), client.edge),
        region: REGION,
        credentials: async () => CREDENTIALS,
        answerWithinMs: ANSWER_WITHIN_MS,
      });
    },
  };
}

/** Runs what asks OpenSearch; that it does not answer, or refuses, is told as any error is. */
export async function asking<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    const { describeFailure, failureOf } = await import('../../services/app-analytics/src/opensearch.ts');
    if (failureOf(error) === undefined) throw error;
    throw new NaetmulError('OPENSEARCH', `OpenSearch: ${describeFailure(error)}.`, {
      remedy: 'See with `naetmul status` whether OpenSearch runs, and with `naetmul logs opensearch` what it says.',
      cause: error,
    });
  }
}
