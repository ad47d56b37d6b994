import { ask } from '../../http.ts';
import { type CallsOfService, type CheckContext, FIRST_CALL_WITHIN_MS } from '../capabilities.ts';

/** Asked by command lines of AWS and by scripts; naetmul itself asks for nothing else, so it has no client for it. */
export function stsCalls({ client }: CheckContext): CallsOfService {
  const { endpoint, region, credentials } = client;
  const scope = `${credentials.accessKeyId}/20260101/${region}/sts/aws4_request`;
  return {
    [Symbol.dispose]: () => undefined,
    calls: [
      {
        name: 'GetCallerIdentity',
        purpose: 'scripts that ask whose account it is',
        async run() {
          const { status, body } = await ask(endpoint, {
            timeoutMs: FIRST_CALL_WITHIN_MS,
            method: 'POST',
            headers: {
              authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
              'content-type': 'application/x-www-form-urlencoded',
            },
            body: 'Action=GetCallerIdentity&Version=2011-06-15',
          });
          if (status !== 200) return `it answers ${status}`;
          const account = /<Account>(\d+)<\/Account>/.exec(body)?.[1];
          return account === '000000000000' ? undefined : `the account is ${account}`;
        },
      },
    ],
  };
}
