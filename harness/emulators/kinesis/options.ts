import { z } from 'zod';

export const kinesisOptionsSchema = z.strictObject({
  /**
   * Whether a shard takes no more than 1 MiB and 1,000 records a second, and gives no more than 2 MiB in 5 calls a
   * second: seconds of the bench's clock.
   */
  throttling: z.enum(['on', 'off']).default('on'),
});

export type KinesisOptions = z.infer<typeof kinesisOptionsSchema>;

/** The values of each option, for those who offer them. */
export const kinesisChoices: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(kinesisOptionsSchema.shape).map(([name, choice]) => [name, choice.unwrap().options]),
);

export const DEFAULT_OPTIONS: KinesisOptions = kinesisOptionsSchema.parse({});
