import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { BodyTooLarge, type EdgeRequest } from '../../../edge/http.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';
import { requestTooLarge, unsupportedMediaType } from './gateway-failure.ts';

/** Developer guide, "Content codings supported by API Gateway". */
const DECODERS = { gzip: promisify(gunzip), deflate: promisify(inflate) } as const;

/**
 * The body of a request, unpacked: integrations and templates never see it compressed (developer guide, "Enabling
 * payload compression for an API").
 *
 * @throws GatewayFailure for one of more than 10 MB, packed or not, and for one that is not packed as it says
 */
export async function readBody(request: EdgeRequest): Promise<Buffer> {
  try {
    const body = await request.body.bytes(MAX_PAYLOAD_BYTES);
    const coding = request.headers['content-encoding']?.trim().toLowerCase() ?? '';
    return coding === '' || coding === 'identity' || body.length === 0 ? body : await unpack(body, coding);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw requestTooLarge();
    throw error;
  }
}

async function unpack(body: Buffer, coding: string): Promise<Buffer> {
  if (coding !== 'gzip' && coding !== 'deflate') throw unsupportedMediaType();
  try {
    return await DECODERS[coding](body, { maxOutputLength: MAX_PAYLOAD_BYTES });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw requestTooLarge();
    throw unsupportedMediaType();
  }
}
