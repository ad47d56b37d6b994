import type { StaticOperationSchema } from '@smithy/types';
import { AwsError } from '../../../edge/aws-error.ts';
import type { AwsAccess, Call, Operation } from '../../../edge/emulator.ts';
import { type EntryNumber, ids } from '../../../ledger/index.ts';
import type { CampaignRunner } from '../campaigns/runner.ts';
import type { Mailer } from '../email/mailer.ts';
import { errors, withRequestId } from '../errors.ts';
import type { EventStreamParts } from '../event-stream/event-stream.ts';
import { MAX_REQUEST_BYTES } from '../limits.ts';
import type { App } from '../model.ts';
import type { Home, Registry } from '../registry.ts';

/** What operations work on. */
export interface Parts extends EventStreamParts {
  readonly aws: AwsAccess;
  readonly registry: Registry;
  readonly mailer: Mailer;
  readonly runner: CampaignRunner;
}

/** An operation waiting for the parts it works on. */
export type OperationMaker = (parts: Parts) => Operation;

/**
 * @param run what it does in the home of the call's account and region
 * @param maxBytes of the request
 */
export function operation<Input, Output>(
  schema: StaticOperationSchema,
  run: (home: Home, input: Input, parts: Parts, call: Call) => Promise<Output> | Output,
  maxBytes = MAX_REQUEST_BYTES,
): OperationMaker {
  return (parts) => {
    const made: Operation<Input, Output> = {
      schema,
      async run(input, call) {
        try {
          if ((await call.request.body.bytes()).length > maxBytes) throw errors.tooLarge(maxBytes);
          return await run(parts.registry.of(call), input, parts, call);
        } catch (error) {
          throw error instanceof AwsError ? withRequestId(error, call.requestId) : error;
        }
      },
    };
    return made as Operation;
  };
}

/** Writes down a call that events will come of. */
export function noteReceived(app: App, { ledger }: Parts, { requestId }: Call, operation: string): EntryNumber {
  const received = { ids: [ids.request(requestId)], detail: { operation } };
  return ledger.append({ where: app.where, what: 'received', ...received });
}

/** A member that must be there. */
export function required<T>(value: T | null | undefined, member: string): T {
  if (value === undefined || value === null || value === '') throw errors.missing(member);
  return value;
}
