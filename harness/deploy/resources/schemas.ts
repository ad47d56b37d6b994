import { z } from 'zod';

/** Text; CloudFormation takes numbers and booleans for it too. */
export const text = () =>
  z.union([z.string(), z.number().transform(String), z.boolean().transform(String)], { error: 'must be text' });

export const integer = () =>
  z.union(
    [
      z.number().int(),
      z
        .string()
        .regex(/^-?\d+$/)
        .transform(Number),
    ],
    { error: 'must be a whole number' },
  );

export const decimal = () =>
  z.union(
    [
      z.number(),
      z
        .string()
        .regex(/^-?\d+(\.\d+)?$/)
        .transform(Number),
    ],
    { error: 'must be a number' },
  );

export const flag = () =>
  z.union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')], {
    error: 'must be true or false',
  });

/** A map from names to texts. */
export const textMap = () => z.record(z.string(), text());

/** A policy document or another piece of JSON, passed on as it is. */
export const json = () =>
  z.union([z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value)), z.string()], {
    error: 'must be a map',
  });

export const tags = () => z.array(z.strictObject({ Key: text(), Value: text() }));

export type Tags = z.output<ReturnType<typeof tags>>;

/** Tags in the form that some APIs take: `{ name: value }`. */
export function tagMap(list: Tags): Record<string, string> {
  return Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));
}
