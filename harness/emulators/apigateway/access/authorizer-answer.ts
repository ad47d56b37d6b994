import { type AccessPolicy, parsePolicy } from '../../../policies/resource-policy.ts';

/** What an authorizer's function answers, read and checked. */
export interface AuthorizerAnswer {
  readonly principalId: string;
  readonly policy: AccessPolicy;
  /** `$context.authorizer.*`: strings, numbers and booleans. */
  readonly context: Readonly<Record<string, string | number | boolean>>;
  /** The API key to count the request for, where keys come from authorizers. */
  readonly usageIdentifierKey: string | undefined;
}

/** The answer is not what an authorizer has to answer; the message is for the execution log. */
export class InvalidAnswer extends Error {
  override readonly name = 'InvalidAnswer';
}

const MEMBERS = ['principalId', 'policyDocument', 'context', 'usageIdentifierKey'];

/**
 * Developer guide, "Output from an API Gateway Lambda authorizer".
 *
 * @throws InvalidAnswer
 */
export function readAnswer(body: Buffer): AuthorizerAnswer {
  let answer: unknown;
  try {
    answer = JSON.parse(body.toString());
  } catch {
    throw new InvalidAnswer('Invalid JSON in response: not JSON');
  }
  if (!isObject(answer)) throw new InvalidAnswer('Invalid JSON in response: not an object');
  const unknown = Object.keys(answer).find((member) => !MEMBERS.includes(member));
  if (unknown !== undefined) {
    throw new InvalidAnswer(`Invalid JSON in response: Unrecognized field "${unknown}" , not marked as ignorable`);
  }
  const { principalId, policyDocument, context = {}, usageIdentifierKey } = answer;
  if (typeof principalId !== 'string') throw new InvalidAnswer('Invalid authorizer response: no principalId');
  return {
    principalId,
    policy: readPolicy(policyDocument),
    context: readContext(context),
    usageIdentifierKey: typeof usageIdentifierKey === 'string' ? usageIdentifierKey : undefined,
  };
}

function readPolicy(document: unknown): AccessPolicy {
  if (!isObject(document)) throw new InvalidAnswer('Invalid authorizer response: no policyDocument');
  const invalid = new InvalidAnswer(`Invalid policy document: ${JSON.stringify(document)}`);
  const unsupported = (what: string) => new InvalidAnswer(`${what} is not supported by naetmul`);
  return parsePolicy(JSON.stringify(document), { invalid, unsupported }, 'none');
}

/** Values that are objects or lists are not allowed. */
function readContext(context: unknown): AuthorizerAnswer['context'] {
  if (!isObject(context)) throw new InvalidAnswer('Invalid authorizer response: the context is no object');
  const entries = Object.entries(context).filter(([, value]) => value !== null);
  for (const [name, value] of entries) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) {
      throw new InvalidAnswer(`Invalid authorizer response: the context's ${name} is neither text, number nor boolean`);
    }
  }
  return Object.fromEntries(entries) as AuthorizerAnswer['context'];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
