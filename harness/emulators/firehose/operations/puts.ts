import type { Call } from '../../../edge/emulator.ts';
import { type IdRange, seriesId } from '../../../ledger/index.ts';
import type { DeliveryStream } from '../delivery-stream.ts';
import type { DeliveryStreams } from '../delivery-streams.ts';
import { errors } from '../errors.ts';

/**
 * The delivery stream that a put goes to. A stream that is not ACTIVE is not found, as other emulators have it: the
 * model says only that a put to it raises an exception.
 */
export function directPutStream(streams: DeliveryStreams, name: string, call: Call): DeliveryStream {
  const stream = streams.get(name, call);
  if (stream.source) throw errors.notDirectPut();
  if (stream.status !== 'ACTIVE') throw errors.notFound(name, call.accountId);
  return stream;
}

/** What is answered as RecordIds: the names of the records in the ledger, without what all names of a stream share. */
export function recordIds({ series, from, to }: IdRange): string[] {
  const base = series.slice(series.lastIndexOf('/') + 1);
  const recordIds = new Array<string>(to - from);
  for (let n = from; n < to; n++) recordIds[n - from] = seriesId(base, n);
  return recordIds;
}
