import type { EmulatorContext, InternalResponse } from '../../../edge/emulator.ts';
import type { Exchange } from '../data-plane/exchange.ts';
import { configurationError, GatewayFailure, requestTooLarge } from '../data-plane/gateway-failure.ts';
import type { AwsTarget } from './aws-uri.ts';
import { throwIfUnreachable, unreachable } from './failures.ts';
import type { BackendResponse } from './integration.ts';

/** `2015-03-31/functions/{ARN}/invocations`, as an integration's URI has it after `path/`. */
const INVOCATIONS = /^2015-03-31\/functions\/(arn:[^/]+)\/invocations$/;

/** The function whose invocations a path is; undefined for any other call of Lambda. */
export function functionArnOf({ service, kind, rest }: AwsTarget): string | undefined {
  return service === 'lambda' && kind === 'path' ? INVOCATIONS.exec(rest)?.[1] : undefined;
}

/**
 * Refuses, as AWS does, to invoke a function whose resource policy does not let this method of the API in. An
 * integration with credentials goes by its role instead, which is not checked. The policy is asked for at every
 * request: a permission counts from the moment in which it is given.
 */
export async function checkPermission(
  { aws }: EmulatorContext,
  functionArn: string,
  region: string,
  exchange: Exchange,
  sourceArn = sourceArnOf(exchange),
): Promise<void> {
  const response = await throwIfUnreachable(
    aws.send({
      service: 'lambda',
      region,
      method: 'GET',
      target: `/2015-03-31/functions/${functionArn}/policy`,
      headers: { accept: 'application/json' },
      body: '',
    }),
  );
  const statements = response.status === 200 ? statementsOf(response.body) : [];
  const source = { arn: sourceArn, account: exchange.context.accountId };
  if (statements.some((statement) => allows(statement, source))) return;
  throw configurationError('Invalid permissions on Lambda function');
}

/**
 * Lambda's answer, if it is one of the function. What Lambda itself refuses never reaches the integration responses:
 * a function that is throttled is not to be answered with the default, which is 200.
 */
export function functionAnswer(response: InternalResponse, exchange: Exchange): BackendResponse {
  if (response.status < 300) return response;
  const requestId = response.headers['x-amzn-requestid'] ?? '';
  exchange.log?.error(`Lambda invocation failed with status: ${response.status}. Lambda request id: ${requestId}`);
  const message = messageOf(response.body);
  if (response.status === 413) throw requestTooLarge();
  // The only thing Lambda refuses with 400 that its caller's body can be to blame for.
  if (response.status === 400 && message.startsWith('Could not parse request body into json')) {
    throw new GatewayFailure('BAD_REQUEST_BODY', 400, 'BadRequestException', message, message);
  }
  // After a failure of the service itself nobody can tell whether the function ran.
  throw unreachable(message, response.status >= 500);
}

interface PolicyStatement {
  readonly Effect?: string;
  readonly Principal?: string | { readonly Service?: string };
  readonly Action?: string;
  readonly Condition?: {
    readonly ArnLike?: Readonly<Record<string, string>>;
    readonly StringEquals?: Readonly<Record<string, string>>;
  };
}

interface Source {
  /** `arn:aws:execute-api:{region}:{account}:{api}/{stage}/{method}{resource path}`. */
  readonly arn: string;
  readonly account: string;
}

function statementsOf(body: Buffer): readonly PolicyStatement[] {
  const { Policy = '{}' } = JSON.parse(body.toString()) as { Policy?: string };
  const { Statement = [] } = JSON.parse(Policy) as { Statement?: readonly PolicyStatement[] };
  return Statement;
}

function allows({ Effect, Principal, Action, Condition = {} }: PolicyStatement, source: Source): boolean {
  if (Effect !== 'Allow') return false;
  const service = typeof Principal === 'string' ? Principal : Principal?.Service;
  if (service !== 'apigateway.amazonaws.com' && service !== '*') return false;
  if (Action !== 'lambda:InvokeFunction' && Action !== 'lambda:*' && Action !== '*') return false;
  const like = Object.entries(Condition.ArnLike ?? {}).every(
    ([key, pattern]) => key === 'AWS:SourceArn' && wildcards(pattern).test(source.arn),
  );
  const equal = Object.entries(Condition.StringEquals ?? {}).every(
    ([key, value]) => key === 'AWS:SourceAccount' && value === source.account,
  );
  return like && equal;
}

function sourceArnOf({ api, stage, httpMethod, context }: Exchange): string {
  const path = `${api.id}/${stage.stageName}/${httpMethod}${context.resourcePath}`;
  return `arn:aws:execute-api:${api.region}:${context.accountId}:${path}`;
}

/** ArnLike's `*` also goes over slashes; `?` is one character. */
function wildcards(pattern: string): RegExp {
  const escaped = pattern.replace(/[\\^$.+()[\]{}|]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
}

function messageOf(body: Buffer): string {
  const text = body.toString();
  try {
    const { message, Message } = JSON.parse(text) as { message?: unknown; Message?: unknown };
    return String(message ?? Message ?? text);
  } catch {
    return text;
  }
}
