import type { StaticOperationSchema } from '@smithy/types';
import { errors } from '../errors.ts';
import type { Code } from '../functions/function.ts';
import { operation, type Parts } from './operation.ts';

interface Input {
  readonly Sha256: string;
}

/** No operation of AWS, where the zip file is fetched from S3: the page that `Code.Location` of GetFunction leads to. */
const GetCodeArchive$: StaticOperationSchema = [
  9,
  'naetmul.lambda',
  'GetCodeArchive',
  { http: ['GET', '/naetmul/code/{Sha256}', 200] },
  () => [3, 'naetmul.lambda', 'GetCodeArchiveRequest', 0, ['Sha256'], [[0, 1]]],
  () => [3, 'naetmul.lambda', 'GetCodeArchiveResponse', 0, ['Archive'], [[21, 16]]],
];

export const getCodeArchive = operation(
  GetCodeArchive$,
  async (parts, { Sha256 }: Input) => {
    const zip = await parts.code.zipOf(Buffer.from(Sha256, 'hex').toString('base64'));
    if (!zip) throw errors.noSuchResource();
    return { Archive: zip };
  },
  { payloadType: 'application/zip' },
);

/** Needs no signature; the credential in it says that it is Lambda's. */
export function archiveUrl({ edgeUrl, clock }: Parts, { sha256 }: Code, region: string): string {
  const date = new Date(clock.now()).toISOString().slice(0, 10).replaceAll('-', '');
  const url = new URL(`/naetmul/code/${Buffer.from(sha256, 'base64').toString('hex')}`, edgeUrl());
  url.searchParams.set('X-Amz-Credential', `test/${date}/${region}/lambda/aws4_request`);
  return url.href;
}
