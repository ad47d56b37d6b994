import type { DeployAccess } from './resources/resource-type.ts';

export interface DeployOptions {
  /** The stack's name, such as `ingest`: a letter, then letters, digits and hyphens. */
  readonly name: string;
  /** The how manieth stack of this name it is in this run; by default the first. */
  readonly generation?: number;
  readonly aws: DeployAccess;
  readonly region: string;
  /** Twelve digits. */
  readonly accountId: string;
  /** Called with one short sentence whenever something was made or removed. */
  progress(message: string): void;
  /** Where an API answers: `http://localhost:4566/_aws/execute-api/{apiId}/{stage}`, no slash at the end. */
  urlFor(apiId: string, stage: string): string;
  /** Waits between two looks at a resource that is not ready. Default: the machine's time. */
  readonly wait?: (ms: number) => Promise<void>;
  /**
   * A folder of numbered SQL files, `001-events.sql`, that are applied to the database of the template's DB instance
   * after deployment, each once. There need not be one.
   */
  readonly schemaDir?: string;
}
