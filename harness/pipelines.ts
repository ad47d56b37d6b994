import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outputs } from './control/protocol.ts';
import { type DeployAccess, type Deployed, deploy, loadTemplate } from './deploy/index.ts';
import type { Log } from './edge/emulator.ts';

export interface PipelinesOptions {
  readonly aws: DeployAccess;
  /** The edge, without a slash at the end. */
  readonly edgeUrl: () => string;
  /** Every folder in it that has a `template.yaml` is a pipeline. */
  readonly servicesDir: string;
  readonly region: string;
  readonly accountId: string;
  /** Where each resource that is made or removed is noted. */
  readonly log: Log;
}

/** The pipelines under test: each folder of `services/`, deployed from its template. */
export class Pipelines {
  readonly #options: PipelinesOptions;
  #deployed: readonly Deployed[] = [];

  constructor(options: PipelinesOptions) {
    this.#options = options;
  }

  async deploy(): Promise<void> {
    const { aws, edgeUrl, servicesDir, region, accountId, log } = this.#options;
    const names = await pipelineNames(servicesDir);
    this.#deployed = await Promise.all(
      names.map(async (name) =>
        deploy(await loadTemplate(join(servicesDir, name, 'template.yaml')), {
          name,
          aws,
          region,
          accountId,
          progress: (message) => log.info(message),
          urlFor: (apiId, stage) => `${edgeUrl()}/_aws/execute-api/${apiId}/${stage}`,
        }),
      ),
    );
  }

  /** Makes again what was lost with a server. */
  async redeploy(): Promise<void> {
    await Promise.all(this.#deployed.map((pipeline) => pipeline.redeploy()));
  }

  async undeploy(): Promise<void> {
    await Promise.all(this.#deployed.map((pipeline) => pipeline.undeploy()));
    this.#deployed = [];
  }

  names(): readonly string[] {
    return this.#deployed.map((pipeline) => pipeline.name);
  }

  outputs(): Outputs {
    return Object.fromEntries(this.#deployed.map((pipeline) => [pipeline.name, pipeline.outputs]));
  }
}

async function pipelineNames(servicesDir: string): Promise<string[]> {
  const folders = (await readdir(servicesDir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const named = await Promise.all(
    folders.map(async (folder) => {
      const files = await readdir(join(servicesDir, folder.name));
      return files.includes('template.yaml') ? [folder.name] : [];
    }),
  );
  return named.flat().sort();
}
