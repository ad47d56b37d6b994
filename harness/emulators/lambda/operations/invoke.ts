import { type InvocationRequest, type InvocationResponse, Invoke$ } from '@aws-sdk/client-lambda';
import type { Lock } from '../../../clock/index.ts';
import type { Call } from '../../../edge/emulator.ts';
import { causeOf } from '../../../edge/headers.ts';
import { errors, refuse } from '../errors.ts';
import { MAX_CLIENT_CONTEXT_BYTES, MAX_EVENT_BYTES, MAX_PAYLOAD_BYTES } from '../limits.ts';
import type { FunctionRevision } from '../model.ts';
import { readFunctionName } from '../names.ts';
import { jsonFault } from './json-fault.ts';
import { operation, type Parts } from './operation.ts';
import { Violations } from './violations.ts';

export const invoke = operation(
  Invoke$,
  async (parts, input: InvocationRequest, call): Promise<InvocationResponse> => {
    const violations = new Violations();
    violations.oneOf('invocationType', input.InvocationType, ['Event', 'RequestResponse', 'DryRun']);
    violations.oneOf('logType', input.LogType, ['None', 'Tail']);
    violations.raise();
    refuse(input.DurableExecutionName, 'durable functions (X-Amz-Durable-Execution-Name)');
    refuse(input.TenantId, 'tenants (X-Amz-Tenant-Id)');
    const type = input.InvocationType ?? 'RequestResponse';
    const { revision, invokedArn } = findRevision(parts, 'Invoke', call, input.FunctionName, input.Qualifier);
    const payload = readPayload(input.Payload, type);
    const clientContext = readClientContext(input.ClientContext);
    if (type === 'DryRun') return { StatusCode: 204 };
    if (type === 'Event') {
      await enqueue(parts, call, revision, payload, clientContext);
      return { StatusCode: 202 };
    }
    const host = await parts.host();
    const invocation = { requestId: call.requestId, payload, clientContext, invokedArn, ...originOf(call) };
    const outcome = await underLock(parts, call, revision, (lock) => host.invoke(revision, invocation, lock));
    return {
      StatusCode: 200,
      Payload: outcome.payload as never,
      ExecutedVersion: outcome.executedVersion,
      ...(outcome.functionError ? { FunctionError: outcome.functionError } : {}),
      ...(input.LogType === 'Tail' ? { LogResult: outcome.logTail.toString('base64') } : {}),
    };
  },
  { payloadType: 'application/json' },
);

/** @throws ResourceNotFoundException, which names `$LATEST` where nothing else was asked for */
export function findRevision(
  { functions }: Parts,
  operationName: string,
  call: Call,
  given: string | undefined,
  qualifier?: string | undefined,
): { readonly revision: FunctionRevision; readonly invokedArn: string } {
  const name = readFunctionName(operationName, call, given, qualifier);
  const { revision } = functions.latest({ ...name, qualifiedArn: `${name.arn}:${name.qualifier ?? '$LATEST'}` });
  return { revision, invokedArn: name.qualifiedArn };
}

/** @throws RequestEntityTooLargeException, InvalidRequestContentException */
export function readPayload(given: Uint8Array | undefined, type: string): Buffer {
  const payload = given ? Buffer.from(given.buffer, given.byteOffset, given.byteLength) : Buffer.alloc(0);
  if (payload.length > MAX_PAYLOAD_BYTES) {
    throw errors.tooLarge(`Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`);
  }
  if (type === 'Event' && payload.length > MAX_EVENT_BYTES) {
    throw errors.tooLarge(
      `${payload.length} byte payload is too large for the Event invocation type (limit ${MAX_EVENT_BYTES} bytes)`,
    );
  }
  // Without one the handler sees an empty object.
  if (payload.length === 0) return Buffer.from('{}');
  const fault = jsonFault(payload);
  if (fault !== undefined) {
    throw errors.invalidContent(`Could not parse request body into json: Could not parse payload into json: ${fault}`);
  }
  return payload;
}

/** Queues an asynchronous invocation. */
export async function enqueue(
  parts: Parts,
  call: Call,
  { arn }: FunctionRevision,
  payload: Buffer,
  clientContext?: string | undefined,
): Promise<void> {
  const asyncInvoker = await parts.asyncInvoker();
  asyncInvoker.enqueue({ functionArn: arn, requestId: call.requestId, payload, clientContext, ...originOf(call) });
}

function readClientContext(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  if (base64.length > MAX_CLIENT_CONTEXT_BYTES) {
    throw errors.invalidContent(`Client context must be no more than ${MAX_CLIENT_CONTEXT_BYTES} bytes.`);
  }
  const text = Buffer.from(base64, 'base64').toString();
  try {
    const context: unknown = JSON.parse(text);
    if (context !== null && typeof context === 'object' && !Array.isArray(context)) return text;
  } catch {
    // Answered below, as what is JSON but no object.
  }
  throw errors.invalidContent('Client context must be a valid Base64-encoded JSON object.');
}

function originOf({ request }: Call) {
  const traceId = request.headers['x-amzn-trace-id'];
  return { cause: causeOf(request), traceId: typeof traceId === 'string' ? traceId : undefined };
}

/** Under the lock of the request; a caller inside the harness holds its own, which only it knows. */
async function underLock<T>(
  { clock }: Parts,
  { request }: Call,
  { name }: FunctionRevision,
  work: (lock: Lock) => Promise<T>,
): Promise<T> {
  return request.lock ? await work(request.lock) : await clock.run(`lambda ${name}`, work);
}
