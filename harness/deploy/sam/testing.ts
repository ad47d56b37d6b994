// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation writes names as JavaScript's templates do.
import path from 'node:path';
import { evaluate, type Scope, UNKNOWN } from '../template/intrinsics.ts';
import { checkTemplate } from '../template/load.ts';
import { parseTemplateText } from '../template/parse.ts';

/** This folder is the code of the functions below. */
const FILE = path.join(import.meta.dirname, 't.yaml');

/** Names stand for themselves: `<Queue>`, `<Queue.Arn>`. */
const scope: Scope = {
  ref: (name) => (name === 'AWS::NoValue' ? undefined : `<${name}>`),
  attribute: (logicalId, attribute) => `<${logicalId}.${attribute}>`,
  mapping: (keys) => `<${keys.join('.')}>`,
  condition: () => UNKNOWN,
};

/** A template with a function `Worker` that has `events`, which begin in line 10, with `others` behind it. */
export const loadWorker = (events: string, others = '') =>
  checkTemplate(
    parseTemplateText(
      `Transform: AWS::Serverless-2016-10-31
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: .
      Handler: code.handler
      Runtime: nodejs22.x
      Events:
${events}${others}`,
      FILE,
    ),
    FILE,
  );

/** What that template becomes, but for the function and its role: type and properties by logical id. */
export async function madeOfWorker(events: string, others = '') {
  const { resources } = await loadWorker(events, others);
  const all = [...resources].map(([logicalId, { type, properties, at }]) => {
    const id = logicalId.replace(/Deployment[0-9a-f]{10}$/, 'Deployment');
    return [id, { type: type.type, properties: evaluate(properties, { file: FILE, path: '', at }, scope) }] as const;
  });
  // biome-ignore lint/suspicious/noExplicitAny: what a template becomes is looked into freely.
  return Object.fromEntries<{ readonly type: string; readonly properties: any }>(
    all.filter(([id]) => !id.startsWith('Worker') || id.includes('Permission')),
  );
}
