import { Readable } from 'node:stream';
import { AwsError } from './aws-error.ts';
import { readAll } from './body.ts';
import type { EdgeRequest, EdgeResponse } from './http.ts';

/**
 * LocalStack's health with the services that naetmul plays itself among the others, and a member `naetmul` that says
 * which those are. Answers while LocalStack is away, too.
 */
export async function health(
  request: EdgeRequest,
  emulated: readonly string[],
  askLocalStack: (request: EdgeRequest) => Promise<EdgeResponse>,
): Promise<EdgeResponse> {
  const theirs = await readHealth(() => askLocalStack({ ...request, method: 'GET' }));
  const services = { ...theirs?.services, ...Object.fromEntries(emulated.map((service) => [service, 'running'])) };
  const body = JSON.stringify({
    ...theirs,
    services,
    naetmul: { services: emulated, localstack: theirs ? 'running' : 'away' },
  });
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
}

async function readHealth(
  ask: () => Promise<EdgeResponse>,
): Promise<{ services?: Record<string, string> } | undefined> {
  try {
    const { status, body } = await ask();
    const bytes = body instanceof Readable ? await readAll(body) : body;
    return status === 200 ? JSON.parse(bytes.toString()) : undefined;
  } catch (error) {
    if (error instanceof AwsError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
