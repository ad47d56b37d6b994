'use strict';
/*
 * Finds the handler of `dir/file.export.nested` as Lambda's Node runtimes do, and TypeScript files besides, which Node
 * runs by stripping types. nodejs24.x imports every file; before, CommonJS files were required.
 */
const { readFileSync, statSync } = require('node:fs');
const { createRequire, registerHooks } = require('node:module');
const { basename, dirname, join, resolve } = require('node:path');
const { pathToFileURL } = require('node:url');
const { CLIENT_PATH, runtimeError } = require('./errors.cjs');

/** What the user's files are required from, so that a "Require stack" reads as on AWS. */
const requireAsAws = createRequire(CLIENT_PATH);
const TYPESCRIPT = ['.ts', '.mts', '.cts'];

/** Errors: `Runtime.*`, and whatever the user's module throws. */
exports.loadHandler = async (taskRoot, handler, modern) => {
  if (handler.includes('..')) {
    const advice = 'Use absolute paths when specifying root directories in handler names.';
    throw runtimeError('MalformedHandlerName', `'${handler}' is not a valid handler name. ${advice}`);
  }
  const last = basename(handler);
  const folder = handler.slice(0, handler.indexOf(last));
  const dot = last.indexOf('.');
  if (dot === -1) throw runtimeError('MalformedHandlerName', 'Bad handler');
  const found = await loadModule(taskRoot, folder, last.slice(0, dot), modern);
  const path = last.slice(dot + 1).split('.');
  const value = within(found, path, modern) || (modern && within(found?.default, path, modern));
  if (!value) throw runtimeError('HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof value !== 'function') throw runtimeError('HandlerNotFound', `${handler} is not a function`);
  return value;
};

function within(value, path, modern) {
  return path.reduce((nested, key) => (modern && typeof nested !== 'object' ? undefined : nested?.[key]), value);
}

async function loadModule(taskRoot, folder, name, modern) {
  const file = resolve(taskRoot, folder, name);
  try {
    for (const path of ['', '.js', '.mjs', '.cjs', ...TYPESCRIPT].map((extension) => file + extension)) {
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) continue;
      return await (modern || isModule(path) ? import(pathToFileURL(path).href) : requireAsAws(path));
    }
    return requireAsAws(requireAsAws.resolve(name, { paths: [taskRoot, join(taskRoot, folder)] }));
  } catch (error) {
    if (error instanceof SyntaxError) throw syntaxError(error);
    if (error?.code === 'MODULE_NOT_FOUND') throw runtimeError('ImportModuleError', String(error));
    throw error;
  }
}

/** Whether the older runtimes import this file; a file of TypeScript may be either, which Node finds out by itself. */
function isModule(path) {
  if (path.endsWith('.mjs') || TYPESCRIPT.some((extension) => path.endsWith(extension))) return true;
  return path.endsWith('.js') && typeAbove(dirname(path)) === 'module';
}

function typeAbove(folder) {
  if (basename(folder) === 'node_modules') return undefined;
  const file = join(folder, 'package.json');
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')).type;
    } catch (error) {
      console.warn(`${file} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return undefined;
    }
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : typeAbove(parent);
}

/** Keeps the trace that says where the error is, as nodejs24.x does. */
function syntaxError(error) {
  const wrapped = runtimeError('UserCodeSyntaxError', String(error));
  wrapped.stack = error.stack;
  return wrapped;
}

/**
 * Lambda's Node runtimes bring the AWS SDK: what a function does not have itself is taken from naetmul's own modules.
 * `import` finds the SDK's CommonJS files too.
 */
exports.bringSdk = () => {
  let ours;
  registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith('@aws-sdk/') && !specifier.startsWith('@smithy/')) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (error) {
        if (error.code !== 'MODULE_NOT_FOUND' && error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
        ours ??= createRequire(__filename);
        let file;
        try {
          file = ours.resolve(specifier);
        } catch {
          throw error;
        }
        return { url: pathToFileURL(file).href, format: 'commonjs', shortCircuit: true };
      }
    },
  });
};
//# sourceURL=/var/runtime/load.cjs
