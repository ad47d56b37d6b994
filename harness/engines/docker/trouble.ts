import { NaetmulError } from '../../errors.ts';

interface Trouble {
  readonly says: RegExp;
  readonly code: string;
  /** One sentence; `what` is what was being done: "The image mysql:8.4 cannot be pulled". */
  message(what: string): string;
  readonly remedy: string;
}

/** What a Docker daemon, or the way to it, says when it cannot do what it was asked for. The first that fits is it. */
const TROUBLES: readonly Trouble[] = [
  {
    says: /no space left on device|ENOSPC|disk quota exceeded/i,
    code: 'DISK_FULL',
    message: (what) => `${what}: Docker’s disk is full.`,
    remedy: '`docker system df` shows what fills it, `docker system prune` frees what nothing uses.',
  },
  {
    says: /port is already allocated|address already in use|ports are not available|EADDRINUSE/i,
    code: 'PORT_TAKEN',
    message: (what) => `${what}: another program has taken its port.`,
    remedy: 'Start again; a new free port is chosen each time.',
  },
  {
    says: /EACCES|permission denied.*docker/i,
    code: 'STACK_UNAVAILABLE',
    message: (what) => `${what}: this user may not use Docker.`,
    remedy:
      'Add the user to the group docker (sudo usermod -aG docker $USER, then log in again), or use --stack native.',
  },
  {
    says: /could not find a working container runtime|cannot connect to the docker daemon|connect (ECONNREFUSED|ENOENT)|socket hang up|ECONNRESET/i,
    code: 'STACK_UNAVAILABLE',
    message: (what) => `${what}: no Docker daemon answers.`,
    remedy: 'Start Docker, or use --stack native.',
  },
  {
    says: /toomanyrequests|rate limit/i,
    code: 'IMAGE_NOT_PULLED',
    message: (what) => `${what}: the registry allows no more pulls for now.`,
    remedy: 'Log in with `docker login`, wait, or use --stack native.',
  },
  {
    says: /no matching manifest|does not match the specified platform/i,
    code: 'IMAGE_NOT_PULLED',
    message: (what) => `${what}: there is none for this machine’s processor.`,
    remedy: 'Use --stack native.',
  },
  {
    says: /manifest unknown|not found|does not exist|pull access denied|unauthorized|denied/i,
    code: 'IMAGE_NOT_PULLED',
    message: (what) => `${what}: the registry does not give it.`,
    remedy: 'See which registry Docker uses and whether it needs `docker login`, or use --stack native.',
  },
  {
    says: /no such host|ENOTFOUND|EAI_AGAIN|i\/o timeout|dial tcp|TLS handshake timeout|network is unreachable|x509|Client\.Timeout|EOF/i,
    code: 'IMAGE_NOT_PULLED',
    message: (what) => `${what}: the registry cannot be reached.`,
    remedy:
      'See that Docker has a network, and its proxy settings. An image can also be brought along with `docker save` and `docker load`. Or use --stack native.',
  },
];

/**
 * What went wrong with Docker, in our words.
 * @param what what was being done, without a full stop: "The container of MySQL cannot be started"
 */
export function dockerTrouble(what: string, cause: unknown): NaetmulError {
  if (cause instanceof NaetmulError) return cause;
  const said = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
  const trouble = TROUBLES.find(({ says }) => says.test(said));
  if (trouble === undefined) return new NaetmulError('DOCKER_FAILED', `${what}: ${said}`, { cause });
  return new NaetmulError(trouble.code, `${trouble.message(what)} Docker says: ${said}`, {
    remedy: trouble.remedy,
    cause,
  });
}
