import { z } from 'zod';

/**
 * What AWS leaves open, or what its pages contradict each other about, each with the likelier answer as its default
 * (docs/fidelity/firehose.md), and what can be switched on.
 */
export const firehoseOptionsSchema = z.strictObject({
  /**
   * OneWeek rotation: `saturday`, the rule as AWS states it (weeks start on Sunday, the first one holds the year's first
   * Saturday), or `iso`, which fits AWS's own example.
   */
  weeks: z.enum(['saturday', 'iso']).default('saturday'),
  /** OneWeek rotation at the turn of a year: the year that the week belongs to, or the calendar's. */
  weekYear: z.enum(['week', 'calendar']).default('week'),
  /** OpenSearch: whether a document refused with 4xx is tried again for the retry duration, or backed up at once. */
  refusedDocuments: z.enum(['at-once', 'after-retries']).default('at-once'),
  /** OpenSearch: the folder of failed documents. The older names are those of older pages and of before 2021. */
  failedDocumentsFolder: z
    .enum(['AmazonOpenSearchService-failed', 'AmazonOpenSearchService_failed', 'elasticsearch-failed'])
    .default('AmazonOpenSearchService-failed'),
  /** Whether direct puts beyond the region's quota of records, requests and bytes a second are refused. */
  throttling: z.enum(['off', 'on']).default('off'),
});

export type FirehoseOptions = z.infer<typeof firehoseOptionsSchema>;

/** The values of each option, for those who offer them. */
export const firehoseChoices: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(firehoseOptionsSchema.shape).map(([name, choice]) => [name, choice.unwrap().options]),
);

export const DEFAULT_OPTIONS: FirehoseOptions = firehoseOptionsSchema.parse({});
