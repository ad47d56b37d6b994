import { toJavaString } from '../../velocity/text.ts';
import type { Json } from '../json-text.ts';
import { toValue } from '../template-values.ts';
import { type Context, evaluatePath, isObject } from './evaluate.ts';
import { fromDouble, isNumber, numberText, toDouble } from './numbers.ts';
import { InvalidPath, JsonPathError, type Parameter, type Token } from './tokens.ts';

type Call = Extract<Token, { kind: 'function' }>;

/** What the numbers become, in the order in which they come. */
const AGGREGATIONS: Readonly<Record<string, (numbers: readonly number[]) => number>> = {
  sum: (numbers) => numbers.reduce((sum, number) => sum + number, 0),
  avg: (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length,
  min: (numbers) => numbers.reduce((least, number) => (least > number ? number : least), Number.MAX_VALUE),
  // As in Jayway, which begins at the smallest positive number: negative ones are never the greatest.
  max: (numbers) => numbers.reduce((most, number) => (most < number ? number : most), Number.MIN_VALUE),
  stddev(numbers) {
    const count = numbers.length;
    const sum = numbers.reduce((total, number) => total + number, 0);
    const squares = numbers.reduce((total, number) => total + number * number, 0);
    return Math.sqrt(squares / count - (sum * sum) / count / count);
  },
};

/** Throws `JsonPathError` for a function that does not exist or cannot be carried out. */
export function callFunction({ name, parameters }: Call, model: Json, context: Context): Json {
  const given = values(parameters, context);
  const aggregation = Object.hasOwn(AGGREGATIONS, name) ? AGGREGATIONS[name] : undefined;
  if (aggregation !== undefined) {
    const numbers = [...elements(model).filter(isNumber), ...given.flat().filter(isNumber)];
    if (numbers.length === 0) throw new JsonPathError(`The JSONPath's function ${name}() has no numbers to look at`);
    return fromDouble(aggregation(numbers.map(toDouble)));
  }
  switch (name) {
    case 'length':
    case 'size':
      return length(model, parameters, context);
    case 'keys':
      return isObject(model) ? Object.keys(model) : null;
    case 'concat':
      return [...elements(model).filter((item) => typeof item === 'string'), ...texts(given)].join('');
    case 'append':
      return Array.isArray(model) ? [...model, ...given] : model;
    case 'first':
      return elementAt(model, 0, name);
    case 'last':
      return elementAt(model, -1, name);
    case 'index': {
      const [index] = given.flat().filter(isNumber);
      if (index === undefined) throw new JsonPathError("The JSONPath's function index() needs a number");
      return elementAt(model, Math.trunc(toDouble(index)), name);
    }
    default:
      throw new InvalidPath(`The JSONPath's function ${name}() does not exist`);
  }
}

const elements = (model: Json): Json[] => (Array.isArray(model) ? model : []);

function values(parameters: readonly Parameter[], context: Context): Json[] {
  return parameters.map((parameter) =>
    'json' in parameter ? parameter.json : evaluatePath(parameter.path, context.root, context),
  );
}

function texts(found: readonly Json[]): string[] {
  return found.flat().flatMap((item) => {
    if (item === null) return [];
    return isNumber(item) ? [numberText(item)] : [toJavaString(toValue(item))];
  });
}

/** With a path for its argument it counts what stands in what the path finds. */
function length(model: Json, parameters: readonly Parameter[], context: Context): Json {
  const [parameter] = parameters;
  if (parameter !== undefined) {
    if ('json' in parameter) throw new JsonPathError("The JSONPath's function length() takes a path");
    const { path } = parameter;
    const isFunction = path.tokens.at(-1)?.kind === 'function';
    const asked = isFunction || path.tokens.length === 0 ? path : { ...path, tokens: [...path.tokens, WILDCARD] };
    const found = evaluatePath(asked, model, context);
    if (Array.isArray(found)) return found.length;
  }
  if (Array.isArray(model)) return model.length;
  return isObject(model) ? Object.keys(model).length : null;
}

const WILDCARD: Token = { kind: 'wildcard' };

function elementAt(model: Json, index: number, name: string): Json {
  if (!Array.isArray(model)) throw new JsonPathError(`The JSONPath's function ${name}() needs a list`);
  const at = index < 0 ? model.length + index : index;
  const element = at === 0 && index < 0 ? undefined : model[at];
  return element ?? (element === null ? null : tooFar(name));
}

function tooFar(name: string): never {
  throw new JsonPathError(`The JSONPath's function ${name}() looks beyond its list`);
}
