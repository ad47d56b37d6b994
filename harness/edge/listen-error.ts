import { NaetmulError } from '../errors.ts';

/** What to tell of a port that cannot be opened. */
export async function listenError(
  error: NodeJS.ErrnoException,
  host: string,
  port: number,
  describePortOwner: ((port: number) => Promise<string | undefined>) | undefined,
): Promise<Error> {
  if (error.code === 'EADDRINUSE') {
    const owner = await describePortOwner?.(port).catch(() => undefined);
    return new NaetmulError('PORT_TAKEN', `Port ${port} is taken${owner ? ` by ${owner}` : ''}.`, {
      remedy: 'Stop what uses it, or choose another port with --port (0 takes a free one).',
      cause: error,
    });
  }
  if (error.code === 'EACCES') {
    return new NaetmulError('PORT_FORBIDDEN', `This user may not listen on port ${port}.`, {
      remedy: 'Choose a port above 1023 with --port.',
      cause: error,
    });
  }
  return new NaetmulError('LISTEN_FAILED', `The edge cannot listen on ${host}:${port}: ${error.message}`, {
    remedy: 'Give an address of this machine.',
    cause: error,
  });
}
