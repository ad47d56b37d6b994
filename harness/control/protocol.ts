import { z } from 'zod';

/**
 * What a running bench and the programs that drive it (the command line, the kit) say to each other: JSON over HTTP
 * under this path at the edge.
 */
export const CONTROL_PATH = '/_naetmul';

/** `naetmul status --json`. Programs read this: members are added, never changed or removed. */
export interface Status {
  readonly ready: boolean;
  /** The one AWS endpoint, such as `http://localhost:4566`. */
  readonly edge: string;
  readonly mqtt: { readonly host: string; readonly port: number; readonly ca: string } | null;
  /** Where custom domain names of APIs answer over TLS, and what clients are to trust; null while there is no name. */
  readonly customDomains: { readonly host: string; readonly port: number; readonly ca: string } | null;
  readonly opensearch: string | null;
  readonly mysql: {
    readonly host: string;
    readonly port: number;
    readonly user: string;
    readonly password: string;
  } | null;
  readonly engines: Readonly<Record<string, EngineStatus>>;
  /** Who plays Kinesis; null where nothing runs. */
  readonly kinesis: 'naetmul' | 'localstack' | null;
  /** The pipelines that are deployed. */
  readonly pipelines: readonly string[];
}

export interface EngineStatus {
  readonly source: string;
  readonly version: string;
  readonly pid: number | null;
  /** The id of its container; only of a server in one. */
  readonly container?: string;
  /** Which of the calls that pipelines need it did not answer as it should; only of servers that were asked. */
  readonly lacks?: readonly string[];
}

/** `naetmul outputs --json`: the `Outputs` of every pipeline's template. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const clockOrder = z.discriminatedUnion('order', [
  /** `instant` in ms since the epoch. */
  z.strictObject({ order: z.literal('travel'), instant: z.number().int() }),
  z.strictObject({ order: z.literal('advance'), ms: z.number().nonnegative() }),
  z.strictObject({ order: z.literal('hold') }),
  z.strictObject({ order: z.literal('auto') }),
  z.strictObject({ order: z.literal('real') }),
]);
export type ClockOrder = z.infer<typeof clockOrder>;

/** Source of the name's form: CloudFormation API reference, CreateStack, StackName. */
export const stackOrder = z.strictObject({
  stack: z
    .string()
    .regex(/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/, 'takes 1 to 128 letters, digits and hyphens, a letter first'),
  /** Absolute path of a template file. */
  template: z.string(),
  parameters: z.record(z.string(), z.string()).default({}),
});
export type StackOrder = z.infer<typeof stackOrder>;

/** `kill`: as a crash would, and it is started again; `stop`: it stays away until `start`. */
export const engineOrder = z.strictObject({ order: z.enum(['kill', 'stop', 'start']), engine: z.string() });
export type EngineOrder = z.infer<typeof engineOrder>;

/** See `harness/faults`. */
export const faultOrder = z.strictObject({
  at: z.string(),
  kind: z.string(),
  nth: z.number().int().positive().default(1),
  times: z.number().int().positive().default(1),
});
export type FaultOrder = z.input<typeof faultOrder>;

/** The body of every answer that is not a success. */
export interface ControlFailure {
  readonly error: { readonly code: string; readonly message: string; readonly remedy?: string };
}
