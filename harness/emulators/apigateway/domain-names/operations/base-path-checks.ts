import type { Call } from '../../../../edge/emulator.ts';
import { badRequest, conflict } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { BASE_PATH, MAX_BASE_PATH } from '../limits.ts';
import { readBasePath } from '../registry.ts';

/** One part at most: more are for version 2 of the API, as on AWS. */
export function checkBasePath(given: string | undefined): string {
  const basePath = readBasePath(given);
  if (basePath.includes('/')) {
    throw badRequest(
      "API Gateway V1 doesn't support the slash character (/) in base path mappings. " +
        'To create a multi-level base path mapping, use API Gateway V2.',
    );
  }
  checkCharacters(basePath);
  return basePath;
}

export function checkCharacters(basePath: string): void {
  if (basePath === '') return;
  if (!BASE_PATH.test(basePath) || basePath.length > MAX_BASE_PATH) {
    throw badRequest(
      `Invalid base path specified: ${basePath}. It has at most ${MAX_BASE_PATH} letters, numbers and characters ` +
        "of $-_.+!*'()",
    );
  }
}

/** @throws BadRequestException */
export function checkTarget(store: Store, call: Call, restApiId: string | undefined, stage: string | undefined): void {
  const api = store.apis.get(restApiId ?? '');
  if (!api || api.region !== call.region || api.accountId !== call.accountId) {
    throw badRequest('Invalid REST API identifier specified');
  }
  if (stage !== undefined && !api.stages.has(stage)) throw badRequest('Invalid stage identifier specified');
}

/**
 * Whether a base path may stand beside those that there are. One without a path stands alone in version 1 of the API.
 *
 * @throws ConflictException
 */
export function checkUnique(basePath: string, others: readonly string[]): void {
  if (others.includes(basePath)) throw conflict('Base path already exists for this domain name');
  if (others.includes('') || (basePath === '' && others.length > 0)) {
    throw conflict('Only one base path mapping is allowed if the base path is empty.');
  }
}
