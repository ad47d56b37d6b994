import { answer } from './answer.ts';
import { jsonLog } from './log.ts';
import type { ProxyAnswer, ProxyRequest } from './proxy.ts';
import { seenInBucket } from './seen.ts';
import { setting } from './settings.ts';
import { readSecrets } from './signature.ts';
import { kinesisStream } from './stream.ts';
import { type SignedParts, takeSigned } from './take-signed.ts';

let parts: SignedParts | undefined;

/** POST /signed/{sender}: as /lambda/{sender}, for those who have the secret. See `takeSigned`. */
export async function handler(request: ProxyRequest): Promise<ProxyAnswer> {
  parts ??= {
    secrets: readSecrets(setting('SIGNING_SECRETS')),
    seen: seenInBucket(setting('BUCKET_NAME')),
    put: kinesisStream(setting('STREAM_NAME')),
    now: () => Date.now(),
    log: jsonLog,
  };
  const own = parts;
  return answer(request, () => takeSigned(request, own), own.log);
}
