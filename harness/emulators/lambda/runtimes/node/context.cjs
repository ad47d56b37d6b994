'use strict';

/** The handler's second argument, from the headers of an invocation (names in lower case). */
exports.contextOf = (headers, env) => {
  const trace = headers['lambda-runtime-trace-id'];
  if (trace === undefined) delete env._X_AMZN_TRACE_ID;
  else env._X_AMZN_TRACE_ID = trace;

  // The deadline is on the bench's clock, which may stand still while a handler runs; the time that passes for it is
  // the machine's.
  // biome-ignore lint/plugin: a function has no clock of ours; `Date` is the bench's here, see follow.cjs
  const budget = Number(headers['lambda-runtime-deadline-ms']) - Date.now();
  const started = machineNow();
  return {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parse(headers['lambda-runtime-client-context'], 'ClientContext'),
    identity: parse(headers['lambda-runtime-cognito-identity'], 'CognitoIdentity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => Math.round(budget - (machineNow() - started)),
  };
};

/** Bound at the start: a test library in the function may fake it later. */
const machineNow = performance.now.bind(performance);

function parse(json, name) {
  if (json === undefined || json === '') return undefined;
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new Error(`Cannot parse ${name} as json: ${error}`);
  }
}
//# sourceURL=/var/runtime/context.cjs
