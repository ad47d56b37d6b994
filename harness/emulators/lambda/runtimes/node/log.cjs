'use strict';
/*
 * `console` as Lambda's Node runtimes have it: a line begins with the time, the request and the level. Where the host
 * gives a file descriptor for it, each message is one frame (type, length, time in µs, message; big-endian), so that a
 * message of many lines is one log event; else line feeds become carriage returns.
 */
const { format } = require('node:util');
const { writeSync } = require('node:fs');
const { intoError, toLogged } = require('./errors.cjs');

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const FRAME_TEXT = 0xa55a0003;
const FRAME_JSON = 0xa55a0002;
const FRAME_HEADER_BYTES = 16;
const STDOUT = 1;
/** How long to wait before a full pipe is tried again, in milliseconds. */
const FULL_PIPE_WAIT_MS = 1;

/** Patches the global `console`; `requestId` is what a line says while no request runs. */
exports.createLog = (env, requestId) => {
  const descriptor = env._LAMBDA_TELEMETRY_LOG_FD === undefined ? undefined : Number(env._LAMBDA_TELEMETRY_LOG_FD);
  delete env._LAMBDA_TELEMETRY_LOG_FD;
  const json = env.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON';
  const lowest = LEVELS.indexOf(env.AWS_LAMBDA_LOG_LEVEL?.toUpperCase());
  const log = {
    requestId,
    error(what, error) {
      if (json) console.error(intoError(error));
      else console.error(what, toLogged(intoError(error)));
    },
  };

  function print(level, message, parts) {
    // biome-ignore lint/plugin: a function has no clock of ours; it sees the bench's time through `Date`, see follow.cjs
    const date = new Date();
    const text = json
      ? jsonLine(date, log.requestId, level, message, parts)
      : `${date.toISOString()}\t${log.requestId}\t${level}\t${format(message, ...parts)}`;
    if (descriptor === undefined) writeAll(STDOUT, Buffer.from(`${text.replaceAll('\n', '\r')}\n`));
    else writeAll(descriptor, frame(json ? FRAME_JSON : FRAME_TEXT, level, date, json ? text : `${text}\n`));
  }

  for (const [index, level] of LEVELS.entries()) {
    const heard = index >= lowest || level === 'FATAL';
    console[level.toLowerCase()] = heard ? (message, ...parts) => print(level, message, parts) : () => {};
  }
  console.log = console.info;
  return log;
};

function frame(type, level, date, text) {
  const bytes = Buffer.byteLength(text);
  const buffer = Buffer.allocUnsafe(FRAME_HEADER_BYTES + bytes);
  buffer.writeUInt32BE((type | ((LEVELS.indexOf(level) + 1) << 2)) >>> 0, 0);
  buffer.writeUInt32BE(bytes, 4);
  buffer.writeBigInt64BE(BigInt(date.getTime()) * 1000n, 8);
  buffer.write(text, FRAME_HEADER_BYTES);
  return buffer;
}

/** All of it, before anything else happens: a process that ends now has still logged. */
function writeAll(descriptor, buffer) {
  for (let written = 0; written < buffer.length; ) {
    try {
      written += writeSync(descriptor, buffer, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FULL_PIPE_WAIT_MS);
    }
  }
}

function jsonLine(date, requestId, level, message, parts) {
  const entry = { timestamp: date.toISOString(), level, requestId };
  if (parts.length === 0) {
    try {
      return JSON.stringify({ ...entry, message }, (_key, value) =>
        value instanceof Error ? errorEntry(value) : value,
      );
    } catch {
      return JSON.stringify({ ...entry, message: format(message) });
    }
  }
  const error = [message, ...parts].find((part) => part instanceof Error);
  const { errorType, errorMessage, stackTrace } = error === undefined ? {} : errorEntry(error);
  return JSON.stringify({ ...entry, message: format(message, ...parts), errorType, errorMessage, stackTrace });
}

function errorEntry(error) {
  const stackTrace = typeof error.stack === 'string' ? error.stack.split('\n') : [];
  return { errorType: error.constructor?.name ?? 'UnknownError', errorMessage: error.message, stackTrace, ...error };
}
//# sourceURL=/var/runtime/log.cjs
