import type { ConservationReport, Journey } from '../ledger/index.ts';

/** What a scenario tells while it runs; the report shows it. Attached to the test's `meta` under `story`. */
export interface Story {
  readonly steps: StoryStep[];
  readonly journeys: { readonly title: string; readonly journey: Journey }[];
  /** Named numbers, such as "records missed by the naive reader". */
  readonly figures: { readonly name: string; readonly value: string }[];
  conservation?: ConservationReport;
  /** The newest entries of the ledger when the scenario failed. */
  excerpt?: string[];
}

export interface StoryStep {
  readonly text: string;
  /** The bench's time when the step began. */
  readonly at: string;
  /** Ms of real time since the scenario began. */
  readonly after: number;
}

declare module 'vitest' {
  interface TaskMeta {
    story?: Story;
  }
}
