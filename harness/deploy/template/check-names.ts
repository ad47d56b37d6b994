import { checkProperties } from './check-properties.ts';
import { judgeConditions, unknownCondition } from './conditions.ts';
import { eachReference, evaluate, type Reference, type Scope, UNKNOWN } from './intrinsics.ts';
import { findInMap } from './mappings.ts';
import { PSEUDO_PARAMETERS } from './pseudo-parameters.ts';
import type { ResourceDeclaration, Template } from './template.ts';
import { type Subject, templateError, within } from './template-error.ts';

/** Finds what each resource needs, and checks every name that is mentioned and every property as far as it is known. */
export function withNeeds(template: Template): Template {
  const { file } = template;
  const resources = new Map<string, ResourceDeclaration>();
  const scope = checkingScope(template);
  for (const [logicalId, resource] of template.resources) {
    const needs = new Set(resource.needs);
    for (const need of resource.needs) {
      if (template.absent.has(need)) needs.delete(need);
      else if (!template.resources.has(need)) {
        throw unknownName(need, template, { file, path: `${logicalId}.DependsOn`, at: resource.at });
      }
    }
    const subject = { file, path: resource.path, at: resource.at };
    eachReference(resource.properties, subject, (reference, where) => {
      if (checkReference(reference, template, where)) needs.add(reference.name);
    });
    checkProperties(resource, evaluate(resource.properties, subject, scope), file);
    resources.set(logicalId, { ...resource, needs });
  }
  for (const [name, { at, value, condition }] of template.outputs) {
    const subject = { file, path: `Outputs.${name}`, at };
    eachReference(value, subject, (reference, where) => checkReference(reference, template, where));
    const made = condition === undefined || scope.condition(condition, within(subject, ['Condition'], at));
    if (made !== false) evaluate(value, subject, scope);
  }
  return { ...template, resources };
}

/** What is known before anything is made, and before it is known where. */
export function checkingScope(template: Template): Scope {
  const pseudo = (name: string) => (name === 'AWS::NoValue' ? undefined : UNKNOWN);
  return {
    ref(name, subject) {
      refuseAbsent(name, template.absent, subject);
      return template.parameters.has(name) ? template.parameters.get(name) : pseudo(name);
    },
    attribute(logicalId, _attribute, subject) {
      refuseAbsent(logicalId, template.absent, subject);
      return UNKNOWN;
    },
    mapping: (keys, subject) => findInMap(template.mappings, keys, subject),
    condition: judgeConditions(template, pseudo),
  };
}

/** Refuses the name of a resource that a condition leaves out. */
export function refuseAbsent(name: string, absent: Template['absent'], subject: Subject): void {
  const condition = absent.get(name);
  if (condition === undefined) return;
  const sentence = `${name} is not made, for its condition ${condition} does not hold.`;
  const remedy = `Put the reference into Fn::If, with ${condition}.`;
  throw templateError('TEMPLATE_UNKNOWN_REFERENCE', subject, sentence, remedy);
}

/** True if the reference is to a resource that is made, false if to a parameter or to a condition. */
function checkReference({ name, attribute, condition }: Reference, template: Template, subject: Subject): boolean {
  if (condition) {
    if (!template.conditions.has(name)) throw unknownCondition(name, template.conditions, subject);
    return false;
  }
  if (template.absent.has(name)) return false;
  const resource = template.resources.get(name);
  const known = template.parameters.has(name) || PSEUDO_PARAMETERS.includes(name);
  if (resource === undefined && (attribute !== undefined || !known)) throw unknownName(name, template, subject);
  if (resource === undefined || attribute === undefined) return resource !== undefined;
  const { attributes } = resource.type;
  if (attributes === 'any' || attributes.includes(attribute)) return true;
  throw templateError(
    'TEMPLATE_UNKNOWN_REFERENCE',
    subject,
    `${name} (${resource.type.type}) has no attribute ${attribute}.`,
    `It has ${attributes.join(', ') || 'none'}.`,
  );
}

function unknownName(name: string, template: Template, subject: Subject): Error {
  const pseudo = name.startsWith('AWS::');
  const remedy = pseudo
    ? `Supported are ${PSEUDO_PARAMETERS.join(', ')}.`
    : `The template has ${[...template.parameters.keys(), ...template.resources.keys()].join(', ')}.`;
  const sentence = pseudo
    ? `the pseudo parameter ${name} is not supported.`
    : `${name} is neither a resource nor a parameter of this template.`;
  return templateError(
    pseudo ? 'TEMPLATE_UNSUPPORTED_INTRINSIC' : 'TEMPLATE_UNKNOWN_REFERENCE',
    subject,
    sentence,
    remedy,
  );
}
