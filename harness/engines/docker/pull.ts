import type { ContainerRuntimeClient } from 'testcontainers';
import { machine } from '../../clock/machine.ts';
import { NaetmulError } from '../../errors.ts';
import { testcontainers } from './runtime.ts';
import { dockerTrouble } from './trouble.ts';

export interface PullOptions {
  /** Pull nothing: an image that is not there is an error. */
  readonly offline: boolean;
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** How often it is told how far a pull has come, in milliseconds. */
const TELL_EVERY_MS = 2_000;
/** An answer that an account may help against; testcontainers knows the user's accounts, the plain call does not. */
const WANTS_ACCOUNT = /unauthorized|denied|toomanyrequests|authentication/i;

/** One line of what a daemon tells of a pull. Source: Docker Engine API, ImageCreate. */
interface PullEvent {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** Errors: those of the daemon. */
export async function hasImage({ container }: ContainerRuntimeClient, image: string): Promise<boolean> {
  try {
    await container.dockerode.getImage(image).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

/**
 * Pulls an image unless it is there.
 * Errors: `OFFLINE_MISSING`, `IMAGE_NOT_PULLED`, `DISK_FULL`, `STACK_UNAVAILABLE`; the signal's reason when aborted.
 */
export async function pullOnce(daemon: ContainerRuntimeClient, image: string, options: PullOptions): Promise<void> {
  const failed = `The image ${image} cannot be pulled`;
  try {
    if (await hasImage(daemon, image)) return;
    if (options.offline) {
      throw new NaetmulError('OFFLINE_MISSING', `The image ${image} is not here, and --offline forbids pulling it.`, {
        remedy: 'Run once without --offline, or bring it along with `docker save` and `docker load`.',
      });
    }
    options.progress(`pulling ${image}`);
    await pull(daemon, image, options);
    if (!(await hasImage(daemon, image))) throw new Error('the daemon stopped pulling without a word');
  } catch (error) {
    options.signal.throwIfAborted();
    throw dockerTrouble(failed, error);
  }
}

async function pull(daemon: ContainerRuntimeClient, image: string, options: PullOptions): Promise<void> {
  try {
    await pullPlainly(daemon, image, options);
  } catch (error) {
    if (!WANTS_ACCOUNT.test((error as Error).message)) throw error;
    const { ImageName } = await testcontainers();
    await daemon.image.pull(ImageName.fromString(image)).catch(() => undefined);
    if (!(await hasImage(daemon, image))) throw error;
  }
}

async function pullPlainly({ container }: ContainerRuntimeClient, image: string, options: PullOptions): Promise<void> {
  const { dockerode } = container;
  const stream = await dockerode.pull(image, { abortSignal: options.signal });
  const told = tellProgress(image, options);
  await new Promise<void>((resolve, reject) => {
    dockerode.modem.followProgress(
      stream,
      (error: Error | null) => (error ? reject(error) : resolve()),
      (event: PullEvent) => told(event),
    );
  });
}

function tellProgress(image: string, { progress }: PullOptions): (event: PullEvent) => void {
  const layers = new Map<string, { readonly current: number; readonly total: number }>();
  let last = machine.monotonic();
  return ({ id, status, progressDetail }) => {
    if (id === undefined || status !== 'Downloading') return;
    const { current = 0, total = 0 } = progressDetail ?? {};
    layers.set(id, { current, total });
    if (machine.monotonic() - last < TELL_EVERY_MS) return;
    last = machine.monotonic();
    progress(`pulling ${image}: ${describeLayers([...layers.values()])}`);
  };
}

/** `120 of 640 MB`: what is known of the layers so far. */
export function describeLayers(layers: readonly { readonly current: number; readonly total: number }[]): string {
  const sum = (of: 'current' | 'total') => layers.reduce((bytes, layer) => bytes + layer[of], 0);
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  return `${megabytes(sum('current'))} of ${megabytes(sum('total'))} MB`;
}
