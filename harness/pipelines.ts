import { randomBytes } from 'node:crypto';
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

/** Letters and digits of a secret: too many to guess, and few enough for a database's password. */
const SECRET_LENGTH = 32;

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
      names.map(async (name) => {
        const file = join(servicesDir, name, 'template.yaml');
        return { name, template: await loadTemplate(file, { secretOf: newSecret }) };
      }),
    );
  }

  /** Makes the resources of the templates that were loaded. */
  async deploy(): Promise<void> {
    const { deploy } = await import('./deploy/index.ts');
    const { aws, edgeUrl, servicesDir, region, accountId, log } = this.#options;
    this.#deployed = await Promise.all(
      this.#templates.map(({ name, template }) =>
        deploy(template, {
          name,
          aws,
          region,
          accountId,
          progress: (message) => log.info(message),
          urlFor: (apiId, stage) => `${edgeUrl()}/_aws/execute-api/${apiId}/${stage}`,
          schemaDir: join(servicesDir, name, 'sql'),
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

  /** Every pipeline whose template was loaded. */
  found(): readonly string[] {
    return this.#templates.map(({ name }) => name);
  }

  /** Those that are deployed. */
  names(): readonly string[] {
    return this.#deployed.map((pipeline) => pipeline.name);
  }

  /** What users are shown. */
  outputs(): Outputs {
    return Object.fromEntries(this.#deployed.map((pipeline) => [pipeline.name, pipeline.outputs]));
  }

  /**
   * What the processes beside a pipeline's template are told of it: its parameters, secrets among them, and its outputs,
   * which win. A list is its items with commas between. Not to be shown to anyone.
   */
  values(pipeline: string): Readonly<Record<string, string>> {
    const parameters = this.#templates.find(({ name }) => name === pipeline)?.template.parameters ?? new Map();
    const texts = [...parameters].map(([name, value]) => [name, String(value)]);
    return { ...Object.fromEntries(texts), ...this.#deployed.find(({ name }) => name === pipeline)?.outputs };
  }
}

/** One for each secret of a template, the same for the whole run: templates are read once. */
function newSecret(): string {
  return randomBytes(SECRET_LENGTH / 2).toString('hex');
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
