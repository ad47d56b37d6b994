import { errors } from './errors.ts';
import { MAX_POLICY_SIZE } from './limits.ts';
import type { PolicyDocument, PolicyStatement } from './model.ts';

const VERSIONS = ['2012-10-17', '2008-10-17'];
const ACTION = /^(?:\*|[a-zA-Z0-9-]+:[a-zA-Z0-9*?]+)$/;
const RESOURCE = /^(?:\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:.+)$/s;
/** What a statement of IAM may have and that would change what it allows. */
const UNSUPPORTED = ['Condition', 'NotAction', 'NotResource'] as const;

/**
 * Reads and checks an IoT policy.
 *
 * @throws MalformedPolicyException, and NotImplementedException for conditions, `NotAction` and `NotResource`
 */
export function readPolicyDocument(name: string, text: string): PolicyDocument {
  const document = parse(text);
  if (text.replaceAll(/\s/g, '').length > MAX_POLICY_SIZE) {
    throw errors.malformedPolicy(`Policy document is larger than ${MAX_POLICY_SIZE} characters.`);
  }
  const { Version, Id, Statement, ...others } = document;
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  const wellFormed =
    typeof Version === 'string' &&
    VERSIONS.includes(Version) &&
    (Id === undefined || typeof Id === 'string') &&
    Object.keys(others).length === 0 &&
    statements.length > 0;
  if (!wellFormed) throw errors.malformedPolicy('Invalid policy syntax.');
  return { name, statements: statements.map(readStatement) };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Answered as any other text that is no policy.
  }
  throw errors.malformedPolicy();
}

function readStatement(statement: unknown): PolicyStatement {
  if (!isObject(statement)) throw errors.malformedPolicy('Invalid policy syntax.');
  const { Sid, Effect, Action, Resource, ...others } = statement;
  for (const name of UNSUPPORTED) {
    if (name in others) throw errors.unsupported(`${name} in an IoT policy`);
  }
  const wellFormed = (Sid === undefined || typeof Sid === 'string') && Object.keys(others).length === 0;
  if (!wellFormed || (Effect !== 'Allow' && Effect !== 'Deny')) throw errors.malformedPolicy('Invalid policy syntax.');
  const actions = readTexts(Action);
  if (!actions.every((action) => ACTION.test(action))) throw errors.malformedPolicy('Invalid policy syntax.');
  const resources = readTexts(Resource);
  const wrong = resources.filter((resource) => !RESOURCE.test(resource));
  if (wrong.length > 0) throw errors.malformedPolicy(`The following resources are invalid : ${wrong.join(', ')}`);
  return { effect: Effect, actions, resources };
}

/** One text, or a list of some. */
function readTexts(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((item) => typeof item === 'string')) {
    throw errors.malformedPolicy('Invalid policy syntax.');
  }
  return list;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
