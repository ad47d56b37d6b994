import { createWriteStream } from 'node:fs';
import { mkdir, realpath, symlink } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { AwsError } from '../../../edge/aws-error.ts';
import { errors } from '../errors.ts';
import { MAX_UNZIPPED_BYTES } from '../limits.ts';

const FILE_TYPE = 0o170000;
const SYMBOLIC_LINK = 0o120000;
/** The upper byte of "version made by" of archivers that write no Unix modes. */
const MADE_ON_DOS = 0;
const MAX_LINK_BYTES = 4096;
/** What keeps any zip file from being unpacked here. */
const OUR_TROUBLE = new Set(['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS', 'EMFILE', 'ENFILE']);

/**
 * Unpacks a zip file into an empty folder, with the files' modes but for the right to write.
 *
 * @throws InvalidParameterValueException for what is no zip, is too large, or would reach outside of the folder
 */
export async function unzip(zip: Buffer, folder: string): Promise<void> {
  const { fromBufferPromise } = await import('yauzl');
  const links: { readonly path: string; readonly target: string }[] = [];
  let unzipped = 0;
  try {
    const file: ZipFile = await fromBufferPromise(zip, { lazyEntries: true });
    for await (const entry of file.eachEntry()) {
      unzipped += entry.uncompressedSize;
      if (unzipped > MAX_UNZIPPED_BYTES) throw tooLarge();
      const path = inside(folder, entry.fileName);
      if (entry.fileName.endsWith('/')) {
        await mkdir(path, { recursive: true });
        continue;
      }
      await mkdir(dirname(path), { recursive: true });
      const content = await file.openReadStreamPromise(entry);
      const mode = modeOf(entry);
      if ((mode & FILE_TYPE) === SYMBOLIC_LINK) {
        if (entry.uncompressedSize > MAX_LINK_BYTES) throw new Error('A link cannot be that long.');
        links.push({ path, target: (await buffer(content)).toString() });
      } else {
        await pipeline(content, createWriteStream(path, { flags: 'wx', mode: (mode & 0o555) | 0o400 }));
      }
    }
    // Only now, so that nothing is written through a link.
    for (const { path, target } of links) await symlink(target, path);
    const root = await realpath(folder);
    for (const { path } of links) inside(root, await realpath(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw error instanceof AwsError || OUR_TROUBLE.has(code ?? '') ? error : notZip();
  }
}

/** The path that a name means, which must be of the folder. */
function inside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (path !== folder && !path.startsWith(folder + sep)) throw new Error(`${name} is outside of the folder.`);
  return path;
}

function modeOf(entry: Entry): number {
  return entry.versionMadeBy >>> 8 === MADE_ON_DOS ? 0o644 : entry.externalFileAttributes >>> 16;
}

function tooLarge() {
  return errors.invalid(`Unzipped size must be smaller than ${MAX_UNZIPPED_BYTES} bytes`);
}

function notZip() {
  return errors.invalid('Could not unzip uploaded file. Please check your file, then try to upload again.');
}
