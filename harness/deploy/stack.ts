import { NaetmulError } from '../errors.ts';
import { resourceContext } from './context.ts';
import type { DeployOptions } from './options.ts';
import { stackId } from './physical-name.ts';
import { type Made, MadeInPart } from './resources/resource-type.ts';
import { refuseAbsent } from './template/check-names.ts';
import { checkProperties } from './template/check-properties.ts';
import { judgeConditions } from './template/conditions.ts';
import { evaluate, type Scope, type Value } from './template/intrinsics.ts';
import { findInMap } from './template/mappings.ts';
import { partitionOf } from './template/pseudo-parameters.ts';
import type { ResourceDeclaration, Template } from './template/template.ts';
import { place, type Subject, templateError } from './template/template-error.ts';

/** A resource that was made. */
interface Entry {
  readonly declaration: ResourceDeclaration;
  /** Its properties as evaluated then, and as its type takes them. */
  readonly value: Value | undefined;
  readonly properties: unknown;
  readonly made: Made;
  /** False while the calls that follow its creation are not all done. */
  readonly complete: boolean;
}

/** What has been made of one template. */
export interface Stack {
  /** What the names in the template stand for, now that it is made, as outputs may show it. */
  readonly scope: Scope;
  entries(): readonly Pick<Entry, 'declaration' | 'made' | 'properties'>[];
  /** Makes what does not exist, in the order of need, independent resources side by side. */
  createMissing(): Promise<void>;
  /** Removes everything, what needs others before them. Tries all, then rejects with what could not be removed. */
  removeAll(): Promise<void>;
}

export function createStack(template: Template, options: DeployOptions): Stack {
  const entries = new Map<string, Entry>();
  const scope = scopeOf(template, entries, options, 'made');
  const resources = new Map([...template.resources].filter(([, declaration]) => isMade(declaration, scope, template)));

  /** @param remade the logical ids of what is made in this go; of what it needs, all is there by now */
  async function ensure(declaration: ResourceDeclaration, remade: Set<string>): Promise<void> {
    const { logicalId, type } = declaration;
    const context = resourceContext(logicalId, options);
    const subject = { file: template.file, path: declaration.path, at: declaration.at };
    const value = evaluate(declaration.properties, subject, scope);
    const properties = checkProperties(declaration, value, template.file);
    const old = entries.get(logicalId);
    const gone = type.remadeWithNeeds && [...declaration.needs].some((need) => remade.has(need));
    if (old !== undefined && !(gone && old.complete) && (await type.exists(old.properties, old.made, context))) {
      if (old.complete && JSON.stringify(old.value) === JSON.stringify(value)) return;
      await type.delete(old.properties, old.made, context);
    }
    // Until the new one is there, the old one says what the names stand for.
    remade.add(logicalId);
    const entryOf = (made: Made): Entry => ({ declaration, value, properties, made, complete: false });
    const made = await type.create(properties, context).catch((error: unknown) => {
      if (error instanceof MadeInPart) entries.set(logicalId, entryOf(error.made));
      throw error;
    });
    const entry = entryOf(made);
    entries.set(logicalId, entry);
    entries.set(logicalId, { ...entry, made: await type.complete(properties, made, context), complete: true });
    options.progress(`${options.name}: made ${logicalId} (${type.type})`);
  }

  async function remove({ declaration, properties, made }: Entry): Promise<void> {
    const { logicalId, type } = declaration;
    const whole = type.partOf(properties);
    if ([...entries.values()].some((entry) => entry.made.ref === whole)) return;
    await type.delete(properties, made, resourceContext(logicalId, options));
    options.progress(`${options.name}: removed ${logicalId} (${type.type})`);
  }

  return {
    scope: scopeOf(template, entries, options, 'shown'),
    entries: () => [...resources.keys()].flatMap((logicalId) => entries.get(logicalId) ?? []),
    async createMissing() {
      const making = new Map<string, Promise<void>>();
      const remade = new Set<string>();
      let failed = false;
      for (const declaration of resources.values()) {
        const needed = Promise.all([...declaration.needs].map((need) => making.get(need)));
        const made = needed.then(async () => {
          if (failed) return;
          await ensure(declaration, remade).catch((cause: unknown) => {
            failed = true;
            throw failure('DEPLOY_FAILED', 'could not be made', declaration, template, cause);
          });
        });
        making.set(declaration.logicalId, made);
      }
      const outcomes = await Promise.allSettled(making.values());
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    },
    async removeAll() {
      const failures: NaetmulError[] = [];
      const gone: string[] = [];
      for (const logicalId of [...resources.keys()].reverse()) {
        const entry = entries.get(logicalId);
        if (entry === undefined) continue;
        try {
          await remove(entry);
          gone.push(logicalId);
        } catch (cause) {
          failures.push(failure('DEPLOY_REMOVE_FAILED', 'could not be removed', entry.declaration, template, cause));
        }
      }
      for (const logicalId of gone) entries.delete(logicalId);
      if (failures.length > 1) throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
      if (failures[0] !== undefined) throw failures[0];
    },
  };
}

/** What is shown for an attribute of a resource whose provider said `NoEcho`. */
const MASKED = '*****';

function scopeOf(
  template: Template,
  entries: ReadonlyMap<string, Entry>,
  options: DeployOptions,
  use: 'made' | 'shown',
): Scope {
  const { partition, urlSuffix } = partitionOf(options.region);
  const pseudo: Readonly<Record<string, string | undefined>> = {
    'AWS::AccountId': options.accountId,
    'AWS::NoValue': undefined,
    'AWS::Partition': partition,
    'AWS::Region': options.region,
    'AWS::StackId': stackId({ ...options, partition, stack: options.name }),
    'AWS::StackName': options.name,
    'AWS::URLSuffix': urlSuffix,
  };
  const condition = judgeConditions(template, (name) => pseudo[name]);
  const check = (name: string, subject: Subject) => {
    const declaration = template.resources.get(name);
    if (declaration !== undefined && !isMade(declaration, { condition }, template)) {
      refuseAbsent(name, new Map([[name, declaration.condition ?? '']]), subject);
    }
    refuseAbsent(name, template.absent, subject);
  };
  return {
    condition,
    mapping: (keys, subject) => findInMap(template.mappings, keys, subject),
    ref(name, subject) {
      check(name, subject);
      return entries.get(name)?.made.ref ?? template.parameters.get(name) ?? pseudo[name];
    },
    attribute(logicalId, attribute, subject) {
      check(logicalId, subject);
      const entry = entries.get(logicalId);
      const value = entry?.made.attributes[attribute];
      if (entry?.declaration.type.attributes === 'any' && value === undefined) {
        throw noAttribute(attribute, entry, `${pseudo['AWS::StackId']}|${logicalId}`, subject);
      }
      return use === 'shown' && entry?.made.noEcho ? MASKED : (value ?? '');
    },
  };
}

/** In CloudFormation's words. */
function noAttribute(attribute: string, { made }: Entry, object: string, subject: Subject): NaetmulError {
  const sentence = `CustomResource attribute error: Vendor response doesn't contain ${attribute} attribute in object ${object}`;
  const remedy = `Its function gave ${Object.keys(made.attributes).join(', ') || 'none'}.`;
  return templateError('TEMPLATE_UNKNOWN_REFERENCE', subject, `${sentence}.`, remedy);
}

function isMade(
  { logicalId, condition, at }: ResourceDeclaration,
  scope: Pick<Scope, 'condition'>,
  { file }: Template,
): boolean {
  return condition === undefined || scope.condition(condition, { file, path: `${logicalId}.Condition`, at }) === true;
}

/** Names the place in the template and what AWS answered. A template error passes as it is. */
function failure(
  code: 'DEPLOY_FAILED' | 'DEPLOY_REMOVE_FAILED',
  sentence: string,
  { logicalId, type, at }: ResourceDeclaration,
  { file }: Template,
  error: unknown,
): NaetmulError {
  const cause = error instanceof MadeInPart ? error.cause : error;
  if (cause instanceof NaetmulError) return cause;
  const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  return new NaetmulError(code, `${place({ file, at })}: ${logicalId} (${type.type}) ${sentence}: ${reason}`, {
    cause,
  });
}
