/** What renders templates: naetmul's gateway, velocityjs, and Apache Velocity in its JVM. */
import { machine } from '../harness/clock/index.ts';
import type { ContextVariables } from '../harness/emulators/apigateway/data-plane/context-variables.ts';
import { MultiMap } from '../harness/emulators/apigateway/data-plane/multi-map.ts';
import { compileTemplate } from '../harness/emulators/apigateway/data-plane/templates.ts';
import { startOracle } from '../harness/emulators/apigateway/velocity/oracle/testing.ts';

/** A mapping template, a body for it, and what becomes of that. */
export interface Job {
  readonly template: string;
  readonly body: string;
}

/** One side. `run` renders for so long and returns the renderings a second; the template was read before. */
export interface Renderer extends AsyncDisposable {
  run(milliseconds: number): Promise<number>;
}

/** Renderings between two looks at the time. */
const BATCH = 50;

function renderer(render: () => string): Renderer {
  return {
    async run(milliseconds) {
      const start = machine.monotonic();
      let count = 0;
      for (let passed = 0; passed < milliseconds; passed = machine.monotonic() - start) {
        for (let n = 0; n < BATCH; n++) render();
        count += BATCH;
        await machine.turn();
      }
      return (count * 1000) / (machine.monotonic() - start);
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** As the gateway renders a request's template: with `$input`, `$util` and the rest made for each request. */
export function ours({ template, body }: Job): { readonly output: string; readonly renderer: Renderer } {
  const compiled = compileTemplate(template, 'request');
  const query = new MultiMap();
  const headers = new MultiMap();
  const render = (): string =>
    compiled.render(
      { pathParameters: {}, query, headers, context: {} as ContextVariables, stageVariables: new Map() },
      body,
    );
  return { output: render(), renderer: renderer(render) };
}

interface Velocityjs {
  parse(template: string): unknown;
  readonly Compile: new (parsed: unknown) => { render(context: object): string };
}

/** Not among the project's packages unless somebody puts it there: `npm i --no-save velocityjs@2.1.7`. */
const VELOCITYJS: string = 'velocityjs';

/** `$input` and `$util` as far as the templates use them, in plain JavaScript. */
export async function velocityjs({
  template,
  body,
}: Job): Promise<{ readonly output: string; readonly renderer: Renderer }> {
  const { parse, Compile } = (await import(VELOCITYJS)) as Velocityjs;
  const parsed = parse(template);
  const render = (): string => {
    const document = body.startsWith('{') ? JSON.parse(body) : body;
    const find = (path: string) => (path === '$' ? document : document[path.slice(2)]);
    const input = { body, path: find, json: (path: string) => JSON.stringify(find(path)) };
    return new Compile(parsed).render({ input, util: UTIL });
  };
  return { output: render(), renderer: renderer(render) };
}

const UTIL = {
  base64Encode: (text: string) => Buffer.from(text).toString('base64'),
  urlDecode: (text: string) => decodeURIComponent(text.replaceAll('+', ' ')),
};

/** Velocity 1.7 in a JVM of its own, which does nothing else; `$input` reads with Jayway JsonPath. */
export async function apacheVelocity(job: Job): Promise<Renderer> {
  const oracle = await startOracle();
  return {
    async run(milliseconds) {
      const [answer] = await oracle.ask([{ engine: 'velocity-1.7', ...job, milliseconds: Math.round(milliseconds) }]);
      if (answer === undefined || 'error' in answer) throw new Error(`Apache Velocity failed: ${answer?.error}`);
      return Number(answer.output);
    },
    [Symbol.asyncDispose]: () => oracle[Symbol.asyncDispose](),
  };
}
