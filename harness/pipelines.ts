import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Outputs, StackOrder } from './control/protocol.ts';
import type { DeployAccess, Deployed, Template } from './deploy/index.ts';
import type { Log } from './edge/emulator.ts';
import { NaetmulError } from './errors.ts';

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
  /** How often a stack of each name was made since all were taken down. */
  readonly #generations = new Map<string, number>();
  /** The names of stacks that are being made. */
  readonly #arriving = new Set<string>();

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

  /** Makes the resources of the templates that were loaded; `onDeployed` is called for each as soon as it is there. */
  async deploy(onDeployed: (name: string) => Promise<void>): Promise<void> {
    await Promise.all(
      this.#templates.map(async ({ name, template }) => {
        this.#add(await this.#deployOne(name, template));
        await onDeployed(name);
      }),
    );
  }

  /** Makes the resources of one more template, as a stack of its own that lives until it is removed or all are. */
  async deployAnother({ stack, template: file, parameters }: StackOrder): Promise<Deployed['outputs']> {
    this.#refuseTakenName(stack);
    this.#arriving.add(stack);
    try {
      const { loadTemplate } = await import('./deploy/index.ts');
      const template = await loadTemplate(file, { parameters, secretOf: newSecret });
      const deployed = await this.#deployOne(stack, template);
      this.#add(deployed);
      return deployed.outputs;
    } finally {
      this.#arriving.delete(stack);
    }
  }

  /** Removes one stack with all that is in it. */
  async undeployOne(stack: string): Promise<void> {
    const deployed = this.#deployed.find(({ name }) => name === stack);
    if (!deployed) {
      throw new NaetmulError('UNKNOWN_STACK', `No stack is named "${stack}".`, {
        remedy: `There are ${this.names().join(', ')}.`,
      });
    }
    await deployed.undeploy();
    this.#deployed = this.#deployed.filter((other) => other !== deployed);
  }

  /** Makes again what was lost with a server. */
  async redeploy(): Promise<void> {
    await Promise.all(this.#deployed.map((pipeline) => pipeline.redeploy()));
  }

  async undeploy(): Promise<void> {
    await Promise.all(this.#deployed.map((pipeline) => pipeline.undeploy()));
    this.#deployed = [];
    this.#generations.clear();
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

  #add(deployed: Deployed): void {
    this.#deployed = [...this.#deployed, deployed].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #deployOne(name: string, template: Template): Promise<Deployed> {
    const { deploy } = await import('./deploy/index.ts');
    const { aws, edgeUrl, region, accountId, log } = this.#options;
    const generation = (this.#generations.get(name) ?? 0) + 1;
    this.#generations.set(name, generation);
    return deploy(template, {
      name,
      generation,
      aws,
      region,
      accountId,
      progress: (message) => log.info(message),
      urlFor: (apiId, stage) => `${edgeUrl()}/_aws/execute-api/${apiId}/${stage}`,
      schemaDir: join(dirname(template.file), 'sql'),
    });
  }

  #refuseTakenName(stack: string): void {
    if (!this.names().includes(stack) && !this.#arriving.has(stack)) return;
    throw new NaetmulError('STACK_EXISTS', `There is a stack named "${stack}" already.`, {
      remedy: `Choose another --stack-name, or remove it: naetmul undeploy ${stack}.`,
    });
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
