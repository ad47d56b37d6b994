import { GetAccountSettings$, type GetAccountSettingsResponse } from '@aws-sdk/client-lambda';
import { ACCOUNT_CONCURRENCY, MAX_TOTAL_CODE_BYTES, MAX_UNZIPPED_BYTES, MAX_ZIPPED_BYTES } from '../limits.ts';
import { operation } from './operation.ts';

export const getAccountSettings = operation(
  GetAccountSettings$,
  ({ functions }, _input, call): GetAccountSettingsResponse => {
    const all = functions.list(call);
    const reserved = all.reduce((sum, one) => sum + (one.reservedConcurrency ?? 0), 0);
    return {
      AccountLimit: {
        TotalCodeSize: MAX_TOTAL_CODE_BYTES,
        CodeSizeUnzipped: MAX_UNZIPPED_BYTES,
        CodeSizeZipped: MAX_ZIPPED_BYTES,
        ConcurrentExecutions: ACCOUNT_CONCURRENCY,
        UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reserved,
      },
      AccountUsage: {
        TotalCodeSize: all.reduce((sum, { code }) => sum + code.size, 0),
        FunctionCount: all.length,
      },
    };
  },
);
