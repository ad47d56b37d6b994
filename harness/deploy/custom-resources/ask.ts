import { randomUUID } from 'node:crypto';
import { InvokeCommand, type InvokeCommandOutput, LambdaClient } from '@aws-sdk/client-lambda';
import { machine } from '../../clock/index.ts';
import { unless } from '../resources/aws-errors.ts';
import type { ResourceContext } from '../resources/resource-type.ts';
import { type CustomResourceRequest, requestKey, textTree } from './request.ts';
import { CustomResourceFailed, type CustomResourceResponse, readResponse } from './response.ts';
import { openResponseUrl } from './response-url.ts';

/** Where the template gives no ServiceTimeout. Source: CloudFormation user guide. */
const DEFAULT_TIMEOUT_SECONDS = 3600;
/**
 * Then, once the function has ended without an answer, no longer than this: somebody else may still send one, but
 * nobody wants to wait an hour at a bench for what was forgotten.
 */
const PATIENCE_SECONDS = 60;
/** A function that is busy is tried again after this. */
const BUSY_PAUSE_MS = 100;

export interface ProviderRequest {
  readonly type: 'Create' | 'Delete';
  /** The function's ARN. */
  readonly serviceToken: string;
  readonly serviceTimeout: number | undefined;
  readonly resourceType: string;
  readonly physicalId?: string;
  readonly properties: object;
}

/**
 * Invokes the function that makes or removes a custom resource, and waits for what it puts at the address that it is
 * given, as long as the machine's clock allows.
 *
 * @throws CustomResourceFailed
 */
export async function askProvider(asked: ProviderRequest, context: ResourceContext): Promise<CustomResourceResponse> {
  const { stackId: StackId, logicalId: LogicalResourceId } = context;
  const named = { StackId, RequestId: randomUUID(), LogicalResourceId };
  await using door = await openResponseUrl(requestKey(named), context.region);
  const request: CustomResourceRequest = {
    RequestType: asked.type,
    ServiceToken: asked.serviceToken,
    ResponseURL: door.url,
    ...named,
    ...(asked.physicalId === undefined ? {} : { PhysicalResourceId: asked.physicalId }),
    ResourceType: asked.resourceType,
    ResourceProperties: textTree(asked.properties),
  };
  const over = new AbortController();
  const silence = (seconds: number) => waited(seconds, over.signal).then(() => Promise.reject(noAnswer(request, door)));
  const ended = invoke(request, context, over.signal).then((error) => {
    if (error !== undefined) throw new CustomResourceFailed(error);
    // A ServiceTimeout that was asked for holds as it is: it will be over before this.
    return silence(asked.serviceTimeout ?? PATIENCE_SECONDS);
  });
  try {
    const timeOut = silence(asked.serviceTimeout ?? DEFAULT_TIMEOUT_SECONDS);
    return readResponse(await Promise.race([door.answer, ended, timeOut]), request);
  } finally {
    over.abort();
  }
}

/** Resolves when the function has ended: with what it failed of, if it did. */
async function invoke(
  request: CustomResourceRequest,
  { aws, region }: ResourceContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const lambda = aws.client(LambdaClient, region);
  const command = new InvokeCommand({ FunctionName: request.ServiceToken, Payload: JSON.stringify(request) });
  let answer: InvokeCommandOutput | undefined;
  for (;;) {
    answer = await unless(['TooManyRequestsException'], () => lambda.send(command));
    if (answer !== undefined) break;
    await machine.sleep(BUSY_PAUSE_MS, signal);
  }
  return answer.FunctionError === undefined ? undefined : functionError(request.ServiceToken, answer);
}

function functionError(serviceToken: string, { Payload }: InvokeCommandOutput): string {
  const text = Payload?.transformToString() ?? '';
  let said = text;
  try {
    const { errorType, errorMessage } = JSON.parse(text) as Record<string, unknown>;
    said = errorType === undefined ? String(errorMessage ?? text) : `${errorType}: ${errorMessage}`;
  } catch {
    // Then it is shown as it is.
  }
  return `the function ${serviceToken.split(':')[6]} failed before it had answered: ${said}`;
}

/** In CloudFormation's words, and with what can be seen from here. */
function noAnswer({ RequestId }: CustomResourceRequest, { refusals }: { readonly refusals: readonly string[] }) {
  const last = refusals.at(-1);
  const seen = last === undefined ? '' : ` (What it sent was not taken: ${last})`;
  return new CustomResourceFailed(
    'CloudFormation did not receive a response from your Custom Resource. Please check your logs for requestId ' +
      `[${RequestId}]. If you are using the Python cfn-response module, you may need to update your Lambda function ` +
      `code so that CloudFormation can attach the updated version.${seen}`,
  );
}

/** Resolves after that time of the machine's clock; never, once the signal is aborted. */
function waited(seconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) return promise;
  const timer = machine.setTimer(seconds * 1000, resolve);
  signal.addEventListener('abort', () => timer.cancel(), { once: true });
  return promise;
}
