import type { MapNode } from '../template/node.ts';
import { type Subject, templateError, withinEntry } from '../template/template-error.ts';

/** What a function may say that AWS::Lambda::Function has under the same name, and takes as it is. */
export const PASSED_ON = [
  'Architectures',
  'Description',
  'Environment',
  'EphemeralStorage',
  'FunctionName',
  'MemorySize',
  'PackageType',
  'ReservedConcurrentExecutions',
  'Runtime',
  'Timeout',
  'VpcConfig',
] as const;

/** The properties of AWS::Serverless::Function that are supported. */
export const FUNCTION_PROPERTIES: readonly string[] = [
  ...PASSED_ON,
  'AssumeRolePolicyDocument',
  'CodeUri',
  'DeadLetterQueue',
  'EventInvokeConfig',
  'Events',
  'Handler',
  'Policies',
  'Role',
  'RolePath',
  'Tags',
];

/** The truth value at `key`, if there is one. */
export function flagAt(node: MapNode, key: string, subject: Subject): boolean | undefined {
  const entry = node.entries.get(key);
  if (entry === undefined) return undefined;
  const value = entry.value.kind === 'scalar' ? String(entry.value.value) : '';
  if (value === 'true' || value === 'false') return value === 'true';
  throw templateError('TEMPLATE_INVALID_PROPERTY', withinEntry(subject, key, entry), 'must be true or false.');
}
