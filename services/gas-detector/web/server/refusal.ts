import { Refusal as AnyRefusal } from '../../../page-kit/server/refusal.ts';
import type { FailureCode } from '../shared/api.ts';

/** A request that is answered with one of the codes of this server. */
export class Refusal extends AnyRefusal<FailureCode> {}
