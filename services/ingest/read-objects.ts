import { JsonSplitError, type SplitValue, splitJson } from './split-json.ts';
import { parseObjectKey, type StoredObjects, unpacked } from './stored-objects.ts';

/** What one record left in an object. */
export interface StoredText {
  readonly text: string;
  /** Of its first byte, from the start of the object's content. */
  readonly offset: number;
  /** The object's key. */
  readonly key: string;
  /** When the oldest record of the object arrived, in ms since the epoch, to the second. */
  readonly objectTime: number;
}

export interface ReadObjectOptions {
  /** How records stand in an object. Default: `splitJson`, JSON values with or without something in between. */
  readonly split?: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<SplitValue>;
}

/** The keys in these folders, such as `hourFolders` names, one folder after the other. */
export async function* keysIn(
  objects: StoredObjects,
  prefix: string,
  folders: readonly string[],
): AsyncGenerator<string, void, undefined> {
  for (const folder of folders) yield* objects.keys(prefix + folder);
}

/** The records of one object, packed with GZIP or not. Rejects with `UnreadableObject` where its bytes make no sense. */
export async function* textsIn(
  objects: StoredObjects,
  key: string,
  options: ReadObjectOptions = {},
): AsyncGenerator<StoredText, void, undefined> {
  const { split = splitJson } = options;
  const objectTime = parseObjectKey(key)?.time;
  if (objectTime === undefined) throw new UnreadableObject(key, 'its key is not one that Firehose gives.');
  try {
    for await (const { bytes, offset } of split(unpacked(objects.read(key)))) {
      yield { text: Buffer.from(bytes).toString('utf8'), offset, key, objectTime };
    }
  } catch (cause) {
    if (!isFormatError(cause)) throw cause;
    throw new UnreadableObject(key, cause.message, cause);
  }
}

/** True for what is wrong with an object's content, false for what went wrong on the way to it. */
function isFormatError(error: unknown): error is Error {
  const isZlibError = error instanceof Error && String((error as NodeJS.ErrnoException).code).startsWith('Z_');
  return error instanceof JsonSplitError || isZlibError;
}

export class UnreadableObject extends Error {
  override readonly name = 'UnreadableObject';
  readonly key: string;
  /** What is wrong with it: the message but for the key. */
  readonly reason: string;

  constructor(key: string, reason: string, cause?: unknown) {
    super(`The object ${key} cannot be read: ${reason}`, { cause });
    this.key = key;
    this.reason = reason;
  }
}
