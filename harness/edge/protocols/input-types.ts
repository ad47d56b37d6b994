import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef } from '@smithy/types';
import { AwsError } from '../aws-error.ts';

/** JSON has base64 for bytes and numbers for instants; CBOR has both. */
type Wire = 'json' | 'cbor';

/** Where a body does not fit, from the outside in, and what should have been there. */
interface Misfit {
  readonly path: readonly (string | number)[];
  readonly wanted: string;
}

type Check = (value: unknown) => Misfit | undefined;

/**
 * Refuses a body in which something is not of the type that the schema says, as AWS does before it looks at anything
 * else: a `SerializationException` that names the member, in our words. Members that the schema does not know may be
 * anything, as may `null` for a member that is not there; lists and maps may not have any.
 */
export class InputTypes {
  readonly #checks = new Map<unknown, Check>();
  readonly #wire: Wire;
  readonly #jsonName: boolean;

  /** @param jsonName whether members go by their `jsonName` trait, as REST-JSON has it and the others have not */
  constructor(wire: Wire, jsonName = false) {
    this.#wire = wire;
    this.#jsonName = jsonName;
  }

  check(schema: $SchemaRef, body: unknown): void {
    const misfit = this.#checkOf(NormalizedSchema.of(schema as never))(body);
    if (misfit === undefined) return;
    const path = misfit.path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
    const what = path === '' ? 'The request body' : `The member ${path.replace(/^\./, '')}`;
    throw new AwsError('SerializationException', `${what} must be ${misfit.wanted}.`);
  }

  /** Made once for each schema, and not before it is asked for: schemas may contain themselves. */
  #checkOf(schema: NormalizedSchema): Check {
    const key = schema.getSchema();
    const known = this.#checks.get(key);
    if (known) return known;
    const check = this.#make(schema);
    if (typeof key === 'object') this.#checks.set(key, check);
    return check;
  }

  #make(schema: NormalizedSchema): Check {
    if (schema.isStructSchema()) return this.#structure(schema);
    if (schema.isListSchema()) return this.#list(schema);
    if (schema.isMapSchema()) return this.#map(schema);
    if (schema.isStringSchema()) return (value) => expected(typeof value === 'string', 'a string');
    if (schema.isNumericSchema()) return isNumber;
    if (schema.isBooleanSchema()) return (value) => expected(typeof value === 'boolean', 'true or false');
    if (!schema.isBlobSchema()) return () => undefined;
    if (this.#wire === 'cbor') return (value) => expected(value instanceof Uint8Array, 'a byte string');
    return (value) => expected(typeof value === 'string', 'bytes as base64');
  }

  #structure(schema: NormalizedSchema): Check {
    let members: ReadonlyMap<string, Check> | undefined;
    return (value) => {
      if (!isObject(value)) return { path: [], wanted: 'an object' };
      members ??= this.#membersOf(schema);
      for (const [name, member] of Object.entries(value)) {
        if (member === null || member === undefined) continue;
        const misfit = members.get(name)?.(member);
        if (misfit) return within(name, misfit);
      }
      return undefined;
    };
  }

  #membersOf(schema: NormalizedSchema): ReadonlyMap<string, Check> {
    return new Map(
      [...schema.structIterator()].map(([name, member]) => {
        const written = this.#jsonName ? (member.getMergedTraits().jsonName ?? name) : name;
        return [written, this.#checkOf(member)];
      }),
    );
  }

  #list(schema: NormalizedSchema): Check {
    let checkItem: Check | undefined;
    return (value) => {
      if (!Array.isArray(value)) return { path: [], wanted: 'a list' };
      checkItem ??= this.#checkOf(schema.getValueSchema());
      for (let at = 0; at < value.length; at++) {
        const misfit = checkItem(value[at]);
        if (misfit) return within(at, misfit);
      }
      return undefined;
    };
  }

  #map(schema: NormalizedSchema): Check {
    let checkValue: Check | undefined;
    return (value) => {
      if (!isObject(value)) return { path: [], wanted: 'an object' };
      checkValue ??= this.#checkOf(schema.getValueSchema());
      for (const [key, item] of Object.entries(value)) {
        const misfit = checkValue(item);
        if (misfit) return within(key, misfit);
      }
      return undefined;
    };
  }
}

const isNumber: Check = (value) =>
  expected(typeof value === 'number' || typeof value === 'bigint' || FLOATS.has(value), 'a number');

/** How JSON writes what it has no number for (smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html). */
const FLOATS: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity']);

const expected = (fits: boolean, wanted: string): Misfit | undefined => (fits ? undefined : { path: [], wanted });

const within = (step: string | number, { path, wanted }: Misfit): Misfit => ({ path: [step, ...path], wanted });

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}
