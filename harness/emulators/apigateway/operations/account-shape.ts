import type { Account as AccountShape } from '@aws-sdk/client-api-gateway';
import { DEFAULT_BURST_LIMIT, DEFAULT_RATE_LIMIT } from '../limits.ts';
import type { Account } from '../store/model.ts';

export function accountShape(account: Account): AccountShape {
  return {
    ...(account.cloudwatchRoleArn === undefined ? {} : { cloudwatchRoleArn: account.cloudwatchRoleArn }),
    throttleSettings: { burstLimit: DEFAULT_BURST_LIMIT, rateLimit: DEFAULT_RATE_LIMIT },
    features: ['UsagePlans'],
    apiKeyVersion: '4',
  };
}
