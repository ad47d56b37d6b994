import type { OperationMaker } from '../../operations/operation.ts';
import { createAuthorizer, deleteAuthorizer, getAuthorizer, getAuthorizers } from './authorizers.ts';
import { flushStageAuthorizersCache } from './flush-authorizers-cache.ts';
import { updateAuthorizer } from './update-authorizer.ts';

/** Lambda authorizers. */
export const ACCESS_OPERATIONS: readonly OperationMaker[] = [
  createAuthorizer,
  deleteAuthorizer,
  flushStageAuthorizersCache,
  getAuthorizer,
  getAuthorizers,
  updateAuthorizer,
];
