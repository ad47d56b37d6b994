/** Why records could not be transformed. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/**
 * As failed records of real streams have them; `unreadable`, `limitExceeded` and `notFound` as the developer guide does
 * (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html).
 */
export const reasons = {
  timedOut: {
    code: 'Lambda.FunctionTimedOut',
    message: 'The Lambda function invocation timed out. Increase the Timeout setting in the Lambda function.',
  },
  functionError: {
    code: 'Lambda.FunctionError',
    message: 'The Lambda function was successfully invoked but it returned an error result.',
  },
  invalidOutput: {
    code: 'Lambda.FunctionError',
    message:
      'Check your function and make sure the output is in required format. In addition to that, make sure the processed records contain valid result status of Dropped, Ok, or ProcessingFailed',
  },
  processingFailed: {
    code: 'Lambda.ProcessingFailedStatus',
    message: 'ProcessingFailed status set for record',
  },
  missingRecordId: {
    code: 'Lambda.MissingRecordId',
    message:
      'One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids.',
  },
  duplicatedRecordId: {
    code: 'Lambda.DuplicatedRecordId',
    message:
      'Multiple records were returned with the same record Id. Ensure that the Lambda function returns a unique record Id for each record.',
  },
  noData: {
    code: 'Lambda.InvalidReturnFormat',
    message:
      'The data field cannot be null when the SourceType is DirectPut or KinesisStreamAsSource and processing result is Ok. The value field cannot be null when the SourceType is MSKAsSource and processing result is Ok.',
  },
  unreadable: {
    code: 'Lambda.JsonProcessingException',
    message:
      'There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status model required by Amazon Data Firehose.',
  },
  accessDenied: {
    code: 'Lambda.InvokeAccessDenied',
    message: 'Access was denied. Ensure that the access policy allows access to the Lambda function.',
  },
  limitExceeded: {
    code: 'Lambda.InvokeLimitExceeded',
    message: 'The Lambda concurrent execution limit is exceeded. Increase the concurrent execution limit.',
  },
  notFound: {
    code: 'Lambda.ResourceNotFound',
    message: 'The specified Lambda function does not exist. Use a different function that does exist.',
  },
} as const satisfies Record<string, Reason>;

/** Why an invocation was refused. What AWS lists no code for is named after Lambda's own error, as other codes are. */
export function reasonOfError(error: unknown): Reason {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  switch (name) {
    case 'AccessDeniedException':
      return reasons.accessDenied;
    case 'TooManyRequestsException':
      return reasons.limitExceeded;
    case 'ResourceNotFoundException':
      return reasons.notFound;
    default:
      return { code: `Lambda.${name}`, message };
  }
}

/** Why a function that ran failed, by what Lambda says instead of the function's answer. */
export function reasonOfFunctionError(payload: string): Reason {
  return /"errorType":"Sandbox\.Timedout"|Task timed out after [\d.]+ seconds/.test(payload)
    ? reasons.timedOut
    : reasons.functionError;
}
