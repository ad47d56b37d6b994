import { type Concurrency, PutFunctionConcurrency$, type PutFunctionConcurrencyRequest } from '@aws-sdk/client-lambda';
import { errors } from '../errors.ts';
import { ACCOUNT_CONCURRENCY, MIN_UNRESERVED_CONCURRENCY } from '../limits.ts';
import { readFunctionName } from '../names.ts';
import { operation } from './operation.ts';
import { Violations } from './violations.ts';

export const putFunctionConcurrency = operation(
  PutFunctionConcurrency$,
  ({ functions }, input: PutFunctionConcurrencyRequest, call): Concurrency => {
    const name = readFunctionName('PutFunctionConcurrency', call, input.FunctionName);
    const violations = new Violations();
    violations.required('reservedConcurrentExecutions', input.ReservedConcurrentExecutions);
    violations.range('reservedConcurrentExecutions', input.ReservedConcurrentExecutions, 0, Number.POSITIVE_INFINITY);
    violations.raise();
    if (name.qualifier !== undefined) {
      throw errors.invalid(
        'This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. ' +
          'Please specify either a function name or an unqualified function ARN.',
      );
    }
    const found = functions.latest({ ...name, qualifiedArn: `${name.arn}:$LATEST` });
    const reserved = input.ReservedConcurrentExecutions ?? 0;
    const others = functions.list(call).filter((one) => one !== found);
    const left = others.reduce((sum, one) => sum - (one.reservedConcurrency ?? 0), ACCOUNT_CONCURRENCY);
    if (reserved > 0 && left - reserved < MIN_UNRESERVED_CONCURRENCY) {
      throw errors.overLimit(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below " +
          `its minimum value of [${MIN_UNRESERVED_CONCURRENCY}].`,
      );
    }
    found.reservedConcurrency = reserved;
    found.revision = { ...found.revision, reservedConcurrency: reserved };
    return { ReservedConcurrentExecutions: reserved };
  },
);
