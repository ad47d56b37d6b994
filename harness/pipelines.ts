import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Outputs } from './control/protocol.ts';
import type { DeployAccess, Deployed, Template } from './deploy/index.ts';
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
  #templates: readonly { readonly name: string; readonly template: Template }[] = [];
  #deployed: readonly Deployed[] = [];

  constructor(options: PipelinesOptions) {
    this.#options = options;
  }

  /** Reads every template; what it says that is not supported is refused here. Needs no server. */
  async load(): Promise<void> {
    const { loadTemplate } = await import('./deploy/index.ts');
    const { servicesDir } = this.#options;
    const names = await pipelineNames(servicesDir);
    this.#templates = await Promise.all(
      names.map(async (name) => ({ name, template: await loadTemplate(join(servicesDir, name, 'template.yaml')) })),
    );
  }

  /** Makes the resources of the templates that were loaded. */
  async deploy(): Promise<void> {
    const { deploy } = await import('./deploy/index.ts');
    const { aws, edgeUrl, region, accountId, log } = this.#options;
    this.#deployed = await Promise.all(
      this.#templates.map(({ name, template }) =>
        deploy(template, {
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
