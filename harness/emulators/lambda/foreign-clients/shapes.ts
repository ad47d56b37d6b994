import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { ACCOUNT, REGION, type Zip } from './testing.ts';

/** The handler of most tests: says what it was asked, and goes wrong in the ways that it is asked to. */
export const SOURCE = `
export const handler = async (event, context) => {
  console.log('saw', JSON.stringify(event));
  if (event.wrong) throw new TypeError('no such thing');
  if (event.exit) process.exit(3);
  if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
  return { echo: event, greeting: process.env.GREETING, memory: context.memoryLimitInMB };
};
`;
/** Fails what is bad, and says how often each message was seen. */
export const CONSUMER = `
export const handler = async ({ Records }) => {
  for (const { body, attributes } of Records) console.log('saw', body, attributes.ApproximateReceiveCount);
  const bad = Records.filter(({ body }) => body.startsWith('bad'));
  return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};
`;
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const uuid = expect.stringMatching(UUID);
export const arnOf = (functionName: string) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`;
export const queueArn = (queue: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`;
export const md5 = (text: string) => createHash('md5').update(text).digest('hex');
export const jsonOf = (payload: { readonly base64: string }) =>
  JSON.parse(Buffer.from(payload.base64, 'base64').toString());

/** What describes a Node function, but for its state. */
export const described = (name: string, zip: Zip, changes: object = {}) => ({
  FunctionName: name,
  FunctionArn: arnOf(name),
  Runtime: 'nodejs22.x',
  Role: ROLE,
  Handler: 'index.handler',
  CodeSize: zip.size,
  CodeSha256: zip.sha256,
  Description: '',
  Timeout: 3,
  MemorySize: 128,
  LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/),
  Version: '$LATEST',
  TracingConfig: { Mode: 'PassThrough' },
  RevisionId: uuid,
  PackageType: 'Zip',
  Architectures: ['x86_64'],
  EphemeralStorage: { Size: 512 },
  SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
  RuntimeVersionConfig: { RuntimeVersionArn: expect.stringMatching(/^arn:aws:lambda:us-east-1::runtime:/) },
  LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
  ...changes,
});
/** The state in the answer to CreateFunction, and the state that whoever asks afterwards sees. */
export const CREATING = {
  State: 'Pending',
  StateReason: 'The function is being created.',
  StateReasonCode: 'Creating',
};
export const READY = { State: 'Active', LastUpdateStatus: 'Successful' };

/** A mapping of a function to the queue of the same name. */
export const mapped = (name: string, UUID: unknown, changes: object) => ({
  UUID,
  BatchSize: 10,
  MaximumBatchingWindowInSeconds: 0,
  EventSourceArn: queueArn(name),
  FunctionArn: arnOf(name),
  LastModified: expect.anything(),
  StateTransitionReason: 'USER_INITIATED',
  FunctionResponseTypes: ['ReportBatchItemFailures'],
  EventSourceMappingArn: expect.stringMatching(`^arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:`),
  ...changes,
});
