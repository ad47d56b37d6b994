'use strict';
/*
 * The Runtime API's client for Node functions: loads the handler, asks for events, runs it, posts what came of it.
 * It behaves as github.com/aws/aws-lambda-nodejs-runtime-interface-client does: 3.3 for runtimes up to nodejs22.x, 4
 * from nodejs24.x on. Plain CommonJS with few imports, since each cold start pays for them.
 */
const { enableCompileCache, flushCompileCache } = require('node:module');
const { createConnection } = require('./http.cjs');
const { createLog } = require('./log.cjs');
const { modern, runtimeError, toPayload } = require('./errors.cjs');
const { bringSdk, loadHandler } = require('./load.cjs');
const { contextOf } = require('./context.cjs');

const API = '/2018-06-01/runtime';
/** With which the older runtimes end after an unhandled rejection and an uncaught exception. */
const EXIT_REJECTION = 128;
const EXIT_EXCEPTION = 129;
const NEVER_SETTLED =
  'The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled. For more information, see https://nodejs.org/docs/latest/api/process.html#exit-codes';
const NO_CALLBACKS =
  'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.';

const { env } = process;
const [compileCache] = process.argv.splice(2);
const api = createConnection(env.AWS_LAMBDA_RUNTIME_API);
const log = createLog(env, modern ? '-' : 'undefined');

/** The request that runs; undefined while the function is loaded. */
let running;
/** Called when the event loop is empty although no answer was posted. */
let whenIdle;
/** The process ends: what its request is answered with is settled. */
let dying = false;
const never = new Promise(() => {});

process.on('beforeExit', () => {
  const idle = whenIdle;
  whenIdle = undefined;
  idle?.();
});
process.on('uncaughtException', (error) => die('Uncaught Exception', error, EXIT_EXCEPTION));
process.on('unhandledRejection', (reason, promise) => {
  const error = runtimeError('UnhandledPromiseRejection', String(reason), { reason, promise });
  die('Unhandled Promise Rejection', error, EXIT_REJECTION);
});

api.open();
if (compileCache) enableCompileCache(compileCache);
bringSdk();
globalThis.awslambda = {
  streamifyResponse() {
    throw new Error('Response streaming is not supported by naetmul: export a handler that returns its response.');
  },
};
main().catch((error) => die('Uncaught Exception', error, EXIT_EXCEPTION));

async function main() {
  let handler;
  try {
    handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER, modern);
    if (modern && handler.length >= 3) throw runtimeError('CallbackHandlerDeprecated', NO_CALLBACKS);
  } catch (error) {
    // The older client lets the error through to the process.
    await die(modern ? 'Init Error' : 'Uncaught Exception', error, modern ? 1 : EXIT_EXCEPTION);
    return;
  }
  const run = modern ? runModern : runOlder;
  for (let first = true; ; first = false) {
    const next = api.request('GET', `${API}/invocation/next`, {});
    // What was compiled on the way to the first answer is kept for the next environment.
    if (compileCache && !first) setImmediate(flushOnce);
    // Without its host a function has nobody to tell anything.
    const { status, headers, body } = await next.catch(() => process.exit(1));
    if (status !== 200) throw new Error(`The Runtime API answered ${status}: ${body}`);
    running = headers['lambda-runtime-aws-request-id'];
    log.requestId = running;
    await run(handler, JSON.parse(body), contextOf(headers, env));
  }
}

let flushed = false;
function flushOnce() {
  if (!flushed) flushCompileCache();
  flushed = true;
}

async function runModern(handler, event, context) {
  let answer;
  try {
    answer = serialise(await handler(event, context));
  } catch (error) {
    await turn();
    return fail(error);
  }
  await turn();
  return succeed(answer);
}

/** One turn of the event loop: what the handler left behind shall still belong to this request. */
function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * The older programming model: the first of the callback, the context's methods and the promise ends the request; the
 * callback alone waits for the event loop to be empty. What a function that is no promise returns is not looked at.
 */
function runOlder(handler, event, context) {
  return new Promise((resolve) => {
    let ended = false;
    let waits = true;
    const once = (end) => (error, result) => {
      if (ended) return;
      ended = true;
      whenIdle = undefined;
      end(error, result);
    };
    const finish = (error, result) => {
      if (error !== undefined && error !== null) return resolve(fail(error));
      try {
        return resolve(succeed(serialise(result)));
      } catch (unserialisable) {
        return resolve(fail(unserialisable));
      }
    };
    const done = once(finish);
    const callback = once((error, result) => {
      if (!waits || (error !== undefined && error !== null)) return finish(error, result);
      whenIdle = () => setImmediate(finish, null, result);
    });
    Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop', {
      enumerable: true,
      get: () => waits,
      set: (value) => {
        waits = value;
      },
    });
    context.done = done;
    context.succeed = (result) => done(null, result);
    context.fail = (error) => done(error ?? 'handled');

    const isAsync = handler.constructor.name === 'AsyncFunction';
    whenIdle = () => done(isAsync ? runtimeError('NodeJsExit', NEVER_SETTLED) : null, null);
    try {
      const result = handler(event, context, callback);
      if (typeof result?.then === 'function') result.then(context.succeed, context.fail).catch(context.fail);
    } catch (error) {
      callback(error);
    }
  });
}

function serialise(result) {
  try {
    return Buffer.from(JSON.stringify(result) ?? 'null');
  } catch {
    const message = 'Unable to stringify response body';
    throw modern ? runtimeError('JSONStringifyError', message) : new Error(message);
  }
}

function succeed(body) {
  const headers = { 'Content-Type': 'application/json' };
  return dying ? never : api.request('POST', `${API}/invocation/${running}/response`, headers, body);
}

function fail(error) {
  if (dying) return never;
  log.error('Invoke Error', error);
  return postError(api, `${API}/invocation/${running}/error`, error);
}

function postError(connection, path, error) {
  const payload = toPayload(error);
  const type = String(payload.errorType).replace(/[^\x20-\x7E]/g, '?');
  const headers = { 'Content-Type': 'application/json', 'Lambda-Runtime-Function-Error-Type': type };
  return connection.request('POST', path, headers, Buffer.from(JSON.stringify(payload)));
}

/** Reports the error as this request's, or as the initialisation's, and ends the process. */
async function die(what, error, code) {
  if (dying) return;
  dying = true;
  whenIdle = undefined;
  log.error(what, error);
  const path = running === undefined ? `${API}/init/error` : `${API}/invocation/${running}/error`;
  try {
    // A request may be on its way over the other connection.
    await postError(createConnection(env.AWS_LAMBDA_RUNTIME_API), path, error);
  } finally {
    process.exit(code);
  }
}
//# sourceURL=/var/runtime/index.mjs
