import { BlockList, isIP } from 'node:net';

/** Who sends a request: the account that signed it, or nobody. */
export type Caller = { readonly accountId: string } | 'anonymous';

export interface Attempt {
  readonly caller: Caller;
  /** `es:ESHttpGet`. */
  readonly action: string;
  /** `arn:aws:es:{region}:{account}:domain/{domain}/{path}`. */
  readonly resource: string;
  readonly sourceIp: string;
}

export type Verdict = 'allowed' | 'denied' | 'not-allowed';

/** How a service says that it does not take a policy. */
export interface PolicyErrors {
  readonly invalid: Error;
  /** What AWS evaluates and this does not. */
  unsupported(what: string): Error;
}

/** A policy of a resource, or of the caller of one, read and checked. */
export interface AccessPolicy {
  readonly statements: readonly Statement[];
}

interface Statement {
  readonly allows: boolean;
  readonly principals: readonly string[];
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly sources: readonly SourceCondition[];
}

interface Patterns {
  readonly negated: boolean;
  readonly patterns: readonly RegExp[];
}

/** `IpAddress` or, negated, `NotIpAddress` of `aws:SourceIp`. */
interface SourceCondition {
  readonly negated: boolean;
  readonly ranges: BlockList;
}

/**
 * What a policy says of a request by itself, without what identity policies say. A deny wins. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
 */
export function judge(policy: AccessPolicy, attempt: Attempt): Verdict {
  const matching = policy.statements.filter((statement) => matches(statement, attempt));
  if (matching.some(({ allows }) => !allows)) return 'denied';
  return matching.length > 0 ? 'allowed' : 'not-allowed';
}

/** True for a policy that lets anybody in from anywhere, which AWS takes from no domain with a public endpoint. */
export function isOpen({ statements }: AccessPolicy): boolean {
  return statements.some(
    ({ allows, principals, sources }) => allows && principals.includes('*') && sources.length === 0,
  );
}

/**
 * Reads a resource's policy, JSON; empty for none. Without principals it is the policy of a caller, which names none.
 *
 * @throws what `errors` says
 */
export function parsePolicy(
  document: string,
  errors: PolicyErrors,
  principals: 'named' | 'none' = 'named',
): AccessPolicy {
  if (document === '') return { statements: [] };
  const { invalid } = errors;
  let parsed: unknown;
  try {
    parsed = JSON.parse(document);
  } catch {
    throw invalid;
  }
  if (!isObject(parsed) || parsed.Statement === undefined) throw invalid;
  const statements = [parsed.Statement].flat();
  return {
    statements: statements.map((statement) => {
      if (!isObject(statement) || !['Allow', 'Deny'].includes(String(statement.Effect))) throw invalid;
      if (statement.NotPrincipal !== undefined) throw errors.unsupported('NotPrincipal in a policy');
      return {
        allows: statement.Effect === 'Allow',
        principals: principals === 'none' ? ANYONE : (principalsOf(statement.Principal) ?? raise(invalid)),
        actions: patternsOf(statement.Action, statement.NotAction, 'i') ?? raise(invalid),
        resources: patternsOf(statement.Resource, statement.NotResource, '') ?? raise(invalid),
        sources: sourcesOf(statement.Condition, errors) ?? raise(invalid),
      };
    }),
  };
}

function matches({ allows, principals, actions, resources, sources }: Statement, attempt: Attempt): boolean {
  return (
    principals.some((principal) => isMeant(principal, attempt.caller, allows)) &&
    matchesPatterns(actions, attempt.action) &&
    matchesPatterns(resources, attempt.resource) &&
    sources.every(({ negated, ranges }) => contains(ranges, attempt.sourceIp) !== negated)
  );
}

const ANYONE = ['*'] as const;
const ACCOUNT = /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$/;
const IDENTITY = /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):[a-z-]+\/.+$/;

/**
 * Of a caller nothing but the account is known. A statement that allows one of its users or roles is taken to mean it;
 * one that denies a single user or role is not.
 */
function isMeant(principal: string, caller: Caller, allows: boolean): boolean {
  if (principal === '*') return true;
  if (caller === 'anonymous') return false;
  const [, account] = ACCOUNT.exec(principal) ?? (allows ? (IDENTITY.exec(principal) ?? []) : []);
  return account === caller.accountId;
}

function matchesPatterns({ negated, patterns }: Patterns, text: string): boolean {
  return patterns.some((pattern) => pattern.test(text)) !== negated;
}

function contains(ranges: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && ranges.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Principals other than AWS's (services, federated users) call no domain here. */
function principalsOf(principal: unknown): readonly string[] | undefined {
  if (principal === '*') return ANYONE;
  if (!isObject(principal)) return undefined;
  return texts(principal.AWS ?? []);
}

function patternsOf(positive: unknown, negative: unknown, flags: string): Patterns | undefined {
  if ((positive === undefined) === (negative === undefined)) return undefined;
  const patterns = texts(positive ?? negative)?.map((pattern) => wildcard(pattern, flags));
  return patterns && { negated: positive === undefined, patterns };
}

/** `*` stands for any characters, also slashes, and `?` for one. */
function wildcard(pattern: string, flags: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, `s${flags}`);
}

function sourcesOf(condition: unknown, errors: PolicyErrors): readonly SourceCondition[] | undefined {
  if (condition === undefined) return [];
  if (!isObject(condition)) return undefined;
  const sources: SourceCondition[] = [];
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isObject(keys)) return undefined;
    for (const [key, values] of Object.entries(keys)) {
      if (!['IpAddress', 'NotIpAddress'].includes(operator) || key.toLowerCase() !== 'aws:sourceip') {
        const only = 'only IpAddress and NotIpAddress with aws:SourceIp';
        throw errors.unsupported(`the condition ${operator} with ${key} in a policy, ${only}`);
      }
      const ranges = rangesOf(texts(values));
      if (ranges === undefined) return undefined;
      sources.push({ negated: operator === 'NotIpAddress', ranges });
    }
  }
  return sources;
}

function rangesOf(values: readonly string[] | undefined): BlockList | undefined {
  if (values === undefined) return undefined;
  const ranges = new BlockList();
  for (const value of values) {
    const [address = '', prefix] = value.split('/', 2);
    const family = isIP(address);
    const bits = family === 6 ? 128 : 32;
    const length = prefix === undefined ? bits : Number(prefix);
    if (family === 0 || !/^\d*$/.test(prefix ?? '') || length > bits) return undefined;
    ranges.addSubnet(address, length, family === 6 ? 'ipv6' : 'ipv4');
  }
  return ranges;
}

function texts(value: unknown): readonly string[] | undefined {
  const list = [value].flat();
  return list.every((one) => typeof one === 'string') ? list : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function raise(error: Error): never {
  throw error;
}
