import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** The permission bits of a Unix file mode, which zip keeps in the upper half of an entry's external attributes. */
const PERMISSIONS = 0o777;

/**
 * Unpacks the files of a zip or jar that `rename` gives a path for (relative to `into`), with their permissions.
 * yauzl itself refuses absolute paths and `..` in entry names.
 */
export async function unzip(
  archive: string,
  into: string,
  rename: (entry: string) => string | undefined,
): Promise<void> {
  const zip = await openPromise(archive);
  try {
    for await (const entry of zip.eachEntry()) {
      const path = entry.fileName.endsWith('/') ? undefined : rename(entry.fileName);
      if (path === undefined) continue;
      const file = join(into, path);
      mkdirSync(dirname(file), { recursive: true });
      const mode = (entry.externalFileAttributes >>> 16) & PERMISSIONS;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(file, { mode: mode || 0o644 }));
    }
  } finally {
    zip.close();
  }
}
