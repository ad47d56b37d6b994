import type { MapEntry, Node, Position } from '../template/node.ts';
import { mapOf, refuseOtherKeys } from '../template/shape.ts';
import { type Subject, templateError, within, withinEntry } from '../template/template-error.ts';
import { nodeOf, type Plain } from './node-of.ts';
import { POLICY_TEMPLATES } from './policy-templates.ts';

/** What a function's role lets it do. */
export interface Rights {
  /** Managed policies, by ARN. */
  readonly managed: Plain[];
  /** `Policies` of AWS::IAM::Role. */
  readonly inline: Plain[];
}

/** Policies of AWS that stand in the folder `service-role/`; the rest stands in none. */
const SERVICE_ROLE_POLICY = /^(AWSLambda\w*ExecutionRole|AWSLambdaENIManagementAccess|AWSLambdaRole)$/;

export function managedPolicy(name: string): Plain {
  const folder = SERVICE_ROLE_POLICY.test(name) ? 'service-role/' : '';
  return { 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${folder}${name}` };
}

export function inlinePolicy(name: string, ...statements: readonly Plain[]): Plain {
  return { PolicyName: name, PolicyDocument: { Version: '2012-10-17', Statement: [...statements] } };
}

/** Who may take on the role, unless `AssumeRolePolicyDocument` says otherwise. */
export const LAMBDA_MAY_ASSUME: Plain = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: ['sts:AssumeRole'] }],
};

/**
 * What `Policies` says: names and ARNs of managed policies, policy documents, and SAM's policy templates.
 *
 * @param role the role's logical id, from which the policies get their names
 */
export function readPolicies(entry: MapEntry | undefined, role: string, properties: Subject): Rights {
  const rights: Rights = { managed: [], inline: [] };
  if (entry === undefined) return rights;
  const subject = withinEntry(properties, 'Policies', entry);
  const items = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  items.forEach((item, index) => {
    const where = entry.value.kind === 'list' ? within(subject, [index], item.at) : subject;
    readPolicy(item, `${role}Policy${index}`, where, rights);
  });
  return rights;
}

function readPolicy(item: Node, name: string, subject: Subject, { managed, inline }: Rights): void {
  if (item.kind === 'scalar') {
    const text = String(item.value);
    managed.push(text.startsWith('arn:') ? item : nodeOf(managedPolicy(text), item.at));
  } else if (item.kind === 'call') {
    managed.push(item);
  } else {
    const map = mapOf(item, subject, 'a policy is a name, an ARN, a document with a Statement, or a policy template');
    if (map.entries.has('Statement')) inline.push({ PolicyName: name, PolicyDocument: item });
    else for (const [template, entry] of map.entries) inline.push(fromTemplate(template, entry, name, subject));
  }
}

function fromTemplate(template: string, entry: MapEntry, name: string, around: Subject): Node {
  const subject = withinEntry(around, template, entry);
  const known = Object.hasOwn(POLICY_TEMPLATES, template) ? POLICY_TEMPLATES[template] : undefined;
  if (known === undefined) {
    const sentence = `the policy template ${template} is not supported.`;
    const remedy = `Supported are ${Object.keys(POLICY_TEMPLATES).join(', ')}.`;
    throw templateError('TEMPLATE_UNSUPPORTED_PROPERTY', subject, sentence, remedy);
  }
  const { parameter } = known;
  const given = mapOf(entry.value, subject, `${template} takes a map of parameters`);
  refuseOtherKeys(given, parameter === undefined ? [] : [parameter], subject);
  const value = parameter === undefined ? '' : given.entries.get(parameter)?.value;
  if (value === undefined) {
    const sentence = `the policy template ${template} needs ${parameter}.`;
    throw templateError('TEMPLATE_INVALID_PROPERTY', subject, sentence);
  }
  return nodeOf(inlinePolicy(name, ...known.statements(value)), entry.at);
}

/** The right to send to a queue, or to invoke a function, for those that failures and results are sent to. */
export function destinationRight(name: string, type: 'SQS' | 'Lambda', target: Node, at: Position): Node {
  const action = type === 'SQS' ? 'sqs:SendMessage' : 'lambda:InvokeFunction';
  return nodeOf(inlinePolicy(name, { Effect: 'Allow', Action: [action], Resource: target }), at);
}
