import { setTimeout as sleep } from 'node:timers/promises';
import { jsonLog } from '../log.ts';
import { connectOpenSearch, describeFailure, mayPass, openSearchUrl } from '../opensearch.ts';
import { answer, type CustomResourceRequest } from './custom-resource.ts';
import { type Domain, indexTemplateResource } from './index-template.ts';
import { DELAYS, patiently } from './patience.ts';
import { sendAnswer } from './send-answer.ts';

/** How long OpenSearch may take for one request, in ms: seven tries and the waiting are less than the time-out. */
const ANSWER_WITHIN_MS = 5_000;

/** The function behind Custom::IndexTemplate: what CloudFormation asks for is done, and CloudFormation told of it. */
export async function handler(
  request: CustomResourceRequest,
  context: { readonly logStreamName: string },
): Promise<void> {
  const { RequestType, LogicalResourceId, ResourceProperties } = request;
  jsonLog('info', RequestType, { LogicalResourceId, ...ResourceProperties });
  const response = await answer(request, indexTemplateResource(domainAt), context.logStreamName);
  jsonLog(response.Status === 'SUCCESS' ? 'info' : 'error', response.Status, { ...response });
  await sendAnswer(request.ResponseURL, response, { fetch, sleep });
}

/** The domain, asked with the rights of the function's role. */
function domainAt(endpoint: string): Domain {
  const { AWS_ENDPOINT_URL, AWS_REGION = '' } = process.env;
  const url = openSearchUrl(endpoint, AWS_ENDPOINT_URL);
  const ask = async (what: string, method: 'POST' | 'DELETE', name: string, body?: string) => {
    await using domain = connectOpenSearch({
      url,
      region: AWS_REGION,
      credentials: async () => roleCredentials(),
      answerWithinMs: ANSWER_WITHIN_MS,
    });
    const path = `/_template/${name}`;
    const request = { method, path, ...(body === undefined ? {} : { body }), orNone: method === 'DELETE' } as const;
    const onFailure = (error: unknown, waitMs: number) =>
      jsonLog('warn', 'Trying again', { url, why: describeFailure(error), waitMs });
    // A domain that was removed by hand has taken its templates with it.
    const isGone = (error: unknown) => method === 'DELETE' && describeFailure(error).includes('ENOTFOUND');
    const mayPassHere = (error: unknown) => mayPass(error) && !isGone(error);
    try {
      await patiently(() => domain.ask(request), { delays: DELAYS, sleep, mayPass: mayPassHere, onFailure });
    } catch (error) {
      if (isGone(error)) return;
      throw new Error(`The domain at ${url} did not ${what} the index template ${name}: ${describeFailure(error)}`, {
        cause: error,
      });
    }
  };
  return {
    putTemplate: (name, body) => ask('take', 'POST', name, body),
    removeTemplate: (name) => ask('remove', 'DELETE', name),
  };
}

/** Lambda puts them into the environment. */
function roleCredentials() {
  const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN || undefined,
  };
}
