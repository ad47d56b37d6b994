import type { ZodType } from 'zod';
import type { EdgeRequest, EdgeResponse } from '../edge/http.ts';
import { NaetmulError } from '../errors.ts';
import type { Testbench } from '../testbench.ts';
import { clockOrder, engineOrder, faultOrder, stackOrder } from './protocol.ts';

/** A clock order or an engine's name is short; nothing longer is read. */
const BODY_LIMIT_BYTES = 64 * 1024;

type Handler = (bench: Testbench, request: EdgeRequest, query: URLSearchParams) => Promise<unknown> | unknown;

const routes: Readonly<Record<string, Handler>> = {
  'GET /health': (bench) => ({ pid: process.pid, ready: bench.ready }),
  'GET /status': (bench) => bench.status(),
  'GET /outputs': (bench) => bench.outputs(),
  'GET /trace': (bench, _request, query) => ({ journey: bench.trace(query.get('id') ?? '') }),
  'GET /ledger': (bench, _request, query) => bench.ledger.newest(positive(query, 'limit', 100)),
  'GET /ledger/check': (bench) => bench.check(),
  'GET /clock': (bench) => bench.clock.diagnostics(),
  'POST /clock': async (bench, request) => {
    const order = await read(request, clockOrder);
    if (order.order === 'travel') await bench.clock.travelTo(order.instant);
    else if (order.order === 'advance') await bench.clock.advance(order.ms);
    else await bench.clock[order.order]();
    return bench.clock.diagnostics();
  },
  'POST /reset': async (bench) => {
    await bench.reset();
    return {};
  },
  'GET /logs': (bench, _request, query) =>
    bench.logs(query.get('component') ?? undefined, positive(query, 'lines', 50)),
  'POST /engines': async (bench, request) => {
    const { order, engine } = await read(request, engineOrder);
    await bench.orderEngine(order, engine);
    return {};
  },
  'POST /faults': async (bench, request) => {
    bench.addFault(await read(request, faultOrder));
    return {};
  },
  'POST /stacks': async (bench, request) => ({ outputs: await bench.deployStack(await read(request, stackOrder)) }),
  'POST /stacks/remove': async (bench, _request, query) => {
    await bench.removeStack(query.get('stack') ?? '');
    return {};
  },
  'POST /stop': (bench) => {
    // The answer goes out first: stopping closes the connection that asked for it.
    setImmediate(() => void bench.stop());
    return {};
  },
};

/** Answers the requests under `/_naetmul`; `path` is what follows it, without the query. */
export async function handleControl(bench: Testbench, request: EdgeRequest, path: string): Promise<EdgeResponse> {
  const handler = routes[`${request.method} ${path}`];
  try {
    if (!handler) {
      throw new NaetmulError('UNKNOWN_CONTROL_CALL', `naetmul has no ${request.method} ${path}.`, {
        remedy: `It has: ${Object.keys(routes).join(', ')}.`,
      });
    }
    const query = new URLSearchParams(request.target.split('?')[1] ?? '');
    return answer(200, await handler(bench, request, query));
  } catch (error) {
    const { code, message, remedy, blame } = asNaetmulError(error);
    return answer(blame === 'user' ? 400 : 500, {
      error: { code, message, ...(remedy === undefined ? {} : { remedy }) },
    });
  }
}

function answer(status: number, body: unknown): EdgeResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function read<T>(request: EdgeRequest, schema: ZodType<T>): Promise<T> {
  const text = (await request.body.bytes(BODY_LIMIT_BYTES)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new NaetmulError('INVALID_CONTROL_CALL', 'The body is not JSON.', { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
  throw new NaetmulError('INVALID_CONTROL_CALL', `The order was not understood: ${issues}.`);
}

function positive(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  const value = text === null ? fallback : Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new NaetmulError('INVALID_CONTROL_CALL', `"${text}" is not a number of ${name}.`);
}

function asNaetmulError(error: unknown): NaetmulError {
  if (error instanceof NaetmulError) return error;
  return new NaetmulError('INTERNAL', error instanceof Error ? error.message : String(error), {
    blame: 'naetmul',
    cause: error,
  });
}
