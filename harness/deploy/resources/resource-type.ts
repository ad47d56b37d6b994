import type { z } from 'zod';
import type { SdkClientConfiguration } from '../../edge/emulator.ts';

/** How deployment reaches AWS: SDK clients whose requests go to the edge. */
export interface DeployAccess {
  client<T>(Client: new (configuration: SdkClientConfiguration) => T, region?: string): T;
}

/** What `Fn::GetAtt` gives. */
export type Attribute = string | readonly string[];

/** What a resource has once it is made. */
export interface Made {
  /** What `Ref` gives, which is also the resource's physical id. */
  readonly ref: string;
  /** The names are those that the type lists. */
  readonly attributes: Readonly<Record<string, Attribute>>;
  /** True where outputs must not show the attributes. */
  readonly noEcho?: boolean;
}

/** The creation failed, but has left something behind that is to be removed. Its message is that of its cause. */
export class MadeInPart extends Error {
  readonly made: Made;

  constructor(made: Made, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.made = made;
  }
}

/** What is known while one resource is being made or removed. */
export interface ResourceContext {
  readonly aws: DeployAccess;
  readonly region: string;
  readonly accountId: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  /** `amazonaws.com`, or `amazonaws.com.cn` in China. */
  readonly urlSuffix: string;
  /** `arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid}`. */
  readonly stackId: string;
  readonly logicalId: string;
  /**
   * A name for a resource that the template leaves unnamed: stack, logical id and a suffix that is the same in every
   * run, so that what a restarted server has lost gets its old name again.
   */
  physicalName(limits: { readonly maxLength: number; readonly lowerCase?: boolean }): string;
  /**
   * Calls `look` until it returns something; rejects after that many minutes, saying that `what` did not come about. By
   * default after one: LocalStack's slowest, its first Kinesis call, takes some seconds.
   */
  until<T>(what: string, look: () => Promise<T | undefined>, minutes?: number): Promise<T>;
}

/** A CloudFormation resource type, made by calls of the AWS API. `Properties` are the checked ones. */
export interface ResourceTypeDefinition<Properties> {
  /** `AWS::Kinesis::Stream`. */
  readonly type: string;
  /** Strict: a property that is not in it is refused by name. */
  readonly properties: z.ZodType<Properties>;
  /** What `Fn::GetAtt` may name; `any` where only the resource itself can tell. */
  readonly attributes: readonly string[] | 'any';
  /** True for what cannot be asked whether it is still there: it is made again with anything that it needs. */
  readonly remadeWithNeeds?: boolean;
  /** The one call that brings the resource into being. Rejects with MadeInPart when something must be removed. */
  create(properties: Properties, context: ResourceContext): Promise<Made>;
  /** The calls that follow; resolves when the resource can be used. */
  complete?(properties: Properties, made: Made, context: ResourceContext): Promise<Made>;
  exists(properties: Properties, made: Made, context: ResourceContext): Promise<boolean>;
  /** Resolves when it is gone; that it was gone before is no error. */
  delete(properties: Properties, made: Made, context: ResourceContext): Promise<void>;
  /** The physical id of the resource that takes this one along when it is removed. */
  partOf?(properties: Properties): string;
}

/** A resource type that takes properties as they come, checked by `properties` before any other member is called. */
export type ResourceType = Required<ResourceTypeDefinition<unknown>>;

export function defineResource<Properties>(definition: ResourceTypeDefinition<Properties>): ResourceType {
  return {
    complete: async (_properties: Properties, made: Made) => made,
    partOf: () => '',
    remadeWithNeeds: false,
    ...definition,
    // The engine hands each type only what the type's own schema returned.
  } as unknown as ResourceType;
}
