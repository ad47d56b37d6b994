import type { DeployOptions } from './options.ts';
import { domainAtTheEdge, outputAtTheEdge } from './outputs.ts';
import type { DbInstanceProperties } from './resources/rds-db-instance.ts';
import { applySchema, type DatabaseAddress } from './schema/index.ts';
import { createStack, type Stack } from './stack.ts';
import { evaluate } from './template/intrinsics.ts';
import type { Template } from './template/template.ts';

export type { DeployOptions } from './options.ts';
export type { DeployAccess } from './resources/resource-type.ts';
export { type LoadOptions, loadTemplate } from './template/load.ts';
export type { Template } from './template/template.ts';

/** The types whose addresses differ at the edge. */
const DOMAINS = ['AWS::OpenSearchService::Domain', 'AWS::Elasticsearch::Domain'];
const REST_API = 'AWS::ApiGateway::RestApi';
const DB_INSTANCE = 'AWS::RDS::DBInstance';

export interface DeployedResource {
  readonly logicalId: string;
  /** `AWS::Kinesis::Stream`. */
  readonly type: string;
  /** What `Ref` gives: a name, an id or a URL, as AWS has it for the type. */
  readonly physicalId: string;
}

/** A template whose resources exist. What is asked of it while it is busy is done afterwards. */
export interface Deployed {
  readonly name: string;
  /** The template's `Outputs`, as they are to be used here: see docs/decisions/0006-outputs-at-the-edge.md. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly DeployedResource[];
  /**
   * Makes again what is missing, because a server was lost, and leaves what is still there. Afterwards `outputs` and
   * `resources` show what there is now. When it fails, what it made stays, and it can be called again.
   */
  redeploy(): Promise<void>;
  /** Removes everything: buckets with their objects, and what has `DeletionPolicy: Retain`, for a bench keeps nothing. */
  undeploy(): Promise<void>;
}

/**
 * Makes the template's resources by calls of the AWS API. When one cannot be made, those that were are removed again,
 * and the error (`DEPLOY_FAILED`) names the file, the line, the logical id and what AWS answered.
 */
export async function deploy(template: Template, options: DeployOptions): Promise<Deployed> {
  const stack = createStack(template, options);
  const makeMissing = async () => {
    await stack.createMissing();
    await bringUpToDate(stack, options);
  };
  try {
    await makeMissing();
    // An output that cannot be evaluated is found now, as on AWS.
    outputsOf(template, stack, options);
  } catch (error) {
    await stack.removeAll().catch((leftover: Error) => options.progress(leftover.message));
    throw error;
  }
  let last: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => {
    last = last.then(work, work);
    return last;
  };
  return {
    name: options.name,
    get outputs() {
      return outputsOf(template, stack, options);
    },
    get resources() {
      return stack.entries().map(({ declaration, made }) => ({
        logicalId: declaration.logicalId,
        type: declaration.type.type,
        physicalId: made.ref,
      }));
    },
    redeploy: () => inTurn(makeMissing),
    undeploy: () => inTurn(stack.removeAll),
  };
}

/** Applies to the database what its schema has and it has not. */
async function bringUpToDate(stack: Stack, { name, schemaDir, progress }: DeployOptions): Promise<void> {
  if (schemaDir === undefined) return;
  const instances = stack.entries().filter(({ declaration }) => declaration.type.type === DB_INSTANCE);
  const databases = instances.map(({ made, properties }): DatabaseAddress => {
    const { MasterUsername, MasterUserPassword, DBName } = properties as DbInstanceProperties;
    return {
      host: String(made.attributes['Endpoint.Address'] ?? ''),
      port: Number(made.attributes['Endpoint.Port']),
      user: MasterUsername,
      password: MasterUserPassword,
      database: DBName ?? '',
    };
  });
  for (const file of await applySchema(schemaDir, databases)) progress(`${name}: applied ${file}`);
}

function outputsOf(template: Template, stack: Stack, options: DeployOptions): Record<string, string> {
  const endpoints = stack.entries().flatMap(({ declaration, made }) => {
    const { DomainEndpoint } = made.attributes;
    return DOMAINS.includes(declaration.type.type) && DomainEndpoint !== undefined ? [String(DomainEndpoint)] : [];
  });
  const apis = stack.entries().filter(({ declaration }) => declaration.type.type === REST_API);
  const apiIds = new Set(apis.map(({ made }) => made.ref));
  const outputs: Record<string, string> = {};
  for (const [name, { at, value, condition }] of template.outputs) {
    const subject = { file: template.file, path: `Outputs.${name}`, at };
    if (condition !== undefined && stack.scope.condition(condition, subject) !== true) continue;
    const result = String(evaluate(value, subject, stack.scope));
    const atTheEdge = outputAtTheEdge(result, apiIds, (apiId, stage) => options.urlFor(apiId, stage));
    outputs[name] = domainAtTheEdge(atTheEdge, endpoints);
  }
  return outputs;
}
