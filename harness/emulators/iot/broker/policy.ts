import type { PolicyDocument, PolicyStatement } from '../model.ts';

/** What policy variables stand for; a name that is missing, or undefined, cannot be resolved. */
export type PolicyVariables = Readonly<Record<string, string | undefined>>;

/** Says whether an action on a resource is allowed. */
export type Authorizer = (action: string, resource: string) => boolean;

interface Rule {
  readonly allows: boolean;
  matchesAction(action: string): boolean;
  matchesResource(resource: string): boolean;
}

/**
 * What these policies together allow: nothing by default, and nothing that any of them denies. A resource with a
 * variable that cannot be resolved matches nothing.
 * Source: AWS IoT developer guide, "AWS IoT Core policies", "Basic AWS IoT Core policy variables".
 */
export function authorizer(policies: readonly PolicyDocument[], variables: PolicyVariables): Authorizer {
  const rules = policies.flatMap(({ statements }) => statements.map((statement) => compile(statement, variables)));
  return (action, resource) => {
    const applying = rules.filter((rule) => rule.matchesAction(action) && rule.matchesResource(resource));
    return applying.length > 0 && applying.every((rule) => rule.allows);
  };
}

function compile(statement: PolicyStatement, variables: PolicyVariables): Rule {
  const actions = statement.actions.map((pattern) => wildcards(pattern.toLowerCase()));
  const resources = statement.resources
    .map((pattern) => resolve(pattern, variables))
    .filter((pattern) => pattern !== undefined);
  return {
    allows: statement.effect === 'Allow',
    matchesAction: (action) => actions.some((pattern) => pattern.test(action.toLowerCase())),
    matchesResource: (resource) => resources.some((pattern) => pattern.test(resource)),
  };
}

const VARIABLE = /\$\{([^}]*)\}/;

/** What a variable stands for is taken literally, so that no client becomes another by a `*` in its name. */
function resolve(pattern: string, variables: PolicyVariables): RegExp | undefined {
  let source = '';
  // Texts and names of variables in turn.
  for (const [at, part] of pattern.split(VARIABLE).entries()) {
    if (at % 2 === 0) {
      source += wildcardSource(part);
      continue;
    }
    const value = Object.hasOwn(variables, part) ? variables[part] : undefined;
    if (value === undefined) return undefined;
    source += literal(value);
  }
  return whole(source);
}

function wildcards(pattern: string): RegExp {
  return whole(wildcardSource(pattern));
}

/** `+` and `#` are MQTT's wildcards and mean themselves in a policy. */
function wildcardSource(pattern: string): string {
  return pattern
    .split(/(\*+|\?)/)
    .map((part, at) => (at % 2 === 0 ? literal(part) : part === '?' ? '.' : '.*'))
    .join('');
}

function literal(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}

function whole(source: string): RegExp {
  return new RegExp(`^${source}$`, 'su');
}
