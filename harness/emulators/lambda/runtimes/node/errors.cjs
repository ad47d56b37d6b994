'use strict';
/*
 * The errors that Lambda's Node runtimes themselves raise, and how an error is written into an answer and into the log.
 * Shapes and texts: github.com/aws/aws-lambda-nodejs-runtime-interface-client, 3.3 (to nodejs22.x) and 4 (nodejs24.x).
 */
const { types } = require('node:util');

/** Where AWS's client lies. Each file here says at its end that it lies beside it, so that traces read as on AWS. */
exports.CLIENT_PATH = '/var/runtime/index.mjs';

const UNREADABLE =
  'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack';

/** Whether this is a runtime of AWS's newer client, from nodejs24.x on. */
exports.modern = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV)?.[1]) >= 24;

exports.runtimeError = (name, message, properties) => {
  const error = new Error(message);
  // The newer client's errors show their names in the log.
  const value = `Runtime.${name}`;
  Object.defineProperty(error, 'name', { value, enumerable: exports.modern, configurable: true, writable: true });
  error.stack = error.stack.replace(/^Error/, error.name);
  return Object.assign(error, properties);
};

function isError(value) {
  const { name, message, stack } = value ?? {};
  return types.isNativeError(value) || [name, message, stack].every((part) => part && typeof part === 'string');
}

/** DEL may not stand in a header, where AWS's client puts these texts too. */
function clean(text) {
  return text?.replaceAll('\x7F', '%7F');
}

/** The payload of a failed invocation or initialisation. */
exports.toPayload = (error) => {
  try {
    if (isError(error)) {
      const trace = typeof error.stack === 'string' ? clean(error.stack).split('\n') : [];
      return { errorType: clean(error.name), errorMessage: clean(error.message), trace };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: UNREADABLE, trace: [] };
  }
};

exports.intoError = (value) => (value instanceof Error ? value : new Error(String(value)));

/** As the log shows it after `Invoke Error `: a tab and JSON that has an error's hidden properties too. */
exports.toLogged = (error) => {
  try {
    return `\t${JSON.stringify(error, (_key, value) => withHiddenProperties(value))}`;
  } catch {
    return `\t${JSON.stringify(exports.toPayload(error))}`;
  }
};

function withHiddenProperties(value) {
  if (!(value instanceof Error)) return value;
  const shown = { errorType: value.name, errorMessage: value.message, code: value.code, ...value };
  if (typeof value.stack === 'string') shown.stack = value.stack.split('\n');
  return shown;
}
//# sourceURL=/var/runtime/errors.cjs
