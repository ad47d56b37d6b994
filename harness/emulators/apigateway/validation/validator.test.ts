import AjvDraft04 from 'ajv-draft-04';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Model } from '../store/model.ts';
import { ModelSet } from './models.ts';
import { toJava } from './pattern.ts';

function problemsOf(schema: object, body: string, others: Readonly<Record<string, object>> = {}): readonly string[] {
  const models = Object.entries({ Model: schema, ...others }).map(([name, one]): [string, Model] => [
    name,
    { id: name, name, contentType: 'application/json', schema: JSON.stringify(one) },
  ]);
  return new ModelSet(new Map(models)).problems('Model', body);
}

describe('what is wrong with a body is said in the words of json-schema-validator', () => {
  test.each<[object, string, string]>([
    [
      { type: 'number' },
      '"x"',
      'instance type (string) does not match any allowed primitive type (allowed: ["integer","number"])',
    ],
    [
      { type: 'integer' },
      '1.0',
      'instance type (number) does not match any allowed primitive type (allowed: ["integer"])',
    ],
    [
      { type: ['string', 'null'] },
      '{}',
      'instance type (object) does not match any allowed primitive type (allowed: ["null","string"])',
    ],
    [{ enum: ['a', 1] }, '"b"', 'instance value ("b") not found in enum (possible values: ["a",1])'],
    [{ pattern: '^a+$' }, '"b"', 'ECMA 262 regex "^a+$" does not match input string "b"'],
    [{ minLength: 2 }, '"💧"', 'string "💧" is too short (length: 1, required minimum: 2)'],
    [{ maxLength: 1 }, '"ab"', 'string "ab" is too long (length: 2, maximum allowed: 1)'],
    [{ minimum: 1 }, '0', 'numeric instance is lower than the required minimum (minimum: 1, found: 0)'],
    [
      { minimum: 1, exclusiveMinimum: true },
      '1',
      'numeric instance is not strictly greater than the required minimum 1',
    ],
    [{ maximum: 1 }, '2.5', 'numeric instance is greater than the required maximum (maximum: 1, found: 2.5)'],
    [{ maximum: 1, exclusiveMaximum: true }, '1', 'numeric instance is not strictly lower than the required maximum 1'],
    [{ multipleOf: 0.1 }, '0.25', 'remainder of division is not zero (0.25 / 0.1)'],
    [{ minItems: 1 }, '[]', 'array is too short: must have at least 1 elements but instance has 0 elements'],
    [{ maxItems: 1 }, '[1,2]', 'array is too long: must have at most 1 elements but instance has 2 elements'],
    [{ uniqueItems: true }, '[{"a":1,"b":2},{"b":2,"a":1.0}]', 'array must not contain duplicate elements'],
    [
      { items: [{}], additionalItems: false },
      '[1,2]',
      'schema only allows 1 elements in array but instance has 2 elements',
    ],
    [{ required: ['b', 'a'] }, '{}', 'object has missing required properties (["a","b"])'],
    [{ minProperties: 1 }, '{}', 'object has too few properties (found 0 but schema requires at least 1)'],
    [{ maxProperties: 0 }, '{"a":1}', 'object has too many properties (found 1 but schema requires at most 0)'],
    [
      { additionalProperties: false, properties: { a: {} }, patternProperties: { '^x-': {} } },
      '{"c":1,"b":1,"a":1,"x-y":1}',
      'object instance has properties which are not allowed by the schema: ["b","c"]',
    ],
    [
      { dependencies: { a: ['b', 'c'] } },
      '{"a":1,"b":1}',
      'property "a" of object has missing property dependencies (schema requires ["b","c"]; missing: ["c"])',
    ],
    [
      { allOf: [{ type: 'string' }, {}] },
      '1',
      'instance failed to match all required schemas (matched only 1 out of 2)',
    ],
    [
      { anyOf: [{ type: 'string' }, { minimum: 2 }] },
      '1',
      'instance failed to match at least one required schema among 2',
    ],
    [{ oneOf: [{}, { minimum: 1 }] }, '1', 'instance failed to match exactly one schema (matched 2 out of 2)'],
    [{ not: {} }, '1', 'instance matched a schema which it should not have'],
    [{ format: 'email' }, '"a b"', 'string "a b" is not a valid email address'],
    [{ format: 'ipv4' }, '"1.2.3"', 'string "1.2.3" is not a valid IPv4 address'],
    [{ format: 'ipv6' }, '"1"', 'string "1" is not a valid IPv6 address'],
    [{ format: 'hostname' }, '"-a"', 'string "-a" is not a valid hostname'],
    [{ format: 'uri' }, '"a b"', 'string "a b" is not a valid URI'],
    [{ format: 'regex' }, '"("', 'string "(" is not a valid ECMA 262 regular expression'],
    [
      { format: 'date-time' },
      '"2022-02-30T00:00:00Z"',
      'string "2022-02-30T00:00:00Z" is invalid against requested date format(s) ' +
        "[yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z]",
    ],
  ])('%j and %s', (schema, body, problem) => {
    expect(problemsOf(schema, body)).toEqual([problem]);
  });

  test.each([
    [{ format: 'date-time' }, '"2022-01-27T14:48:25.123+09:00"'],
    [{ format: 'date-time' }, '"2022-01-27T05:48:25Z"'],
    [{ format: 'email' }, '"a.b+c@example.com"'],
    [{ format: 'hostname' }, '"a-b.example.com"'],
    [{ format: 'uri' }, '"https://example.com/a?b=%20#c"'],
    [{ format: 'uuid' }, '"123e4567-e89b-42d3-a456-426614174000"'],
    [{ format: 'byte' }, '"anything, as the format is not known"'],
    [{ type: 'number' }, '1.0'],
    [{ multipleOf: 0.1 }, '0.3'],
    [{ properties: { a: { type: 'string' } }, additionalProperties: { type: 'integer' } }, '{"a":"x","b":1}'],
    [{ pattern: 'a/b\\/c[$&&[]$' }, '"xa/b/c["'],
  ])('%j takes %s', (schema, body) => {
    expect(problemsOf(schema, body)).toEqual([]);
  });

  test('keywords come by name, and what is inside only if there is nothing against the whole', () => {
    const schema = { type: 'array', required: ['b'], properties: { a: { type: 'string' } }, enum: [1] };
    expect(problemsOf(schema, '{"a":1}')).toEqual([
      'instance value ({"a":1}) not found in enum (possible values: [1])',
      'object has missing required properties (["b"])',
      'instance type (object) does not match any allowed primitive type (allowed: ["array"])',
    ]);
    expect(problemsOf({ properties: { a: { type: 'string' } } }, '{"a":1}')).toHaveLength(1);
  });

  test('a member called __proto__ is a member', () => {
    expect(problemsOf({ properties: { b: {} }, additionalProperties: false }, '{"__proto__":1}')).toEqual([
      'object instance has properties which are not allowed by the schema: ["__proto__"]',
    ]);
    expect(problemsOf({ required: ['constructor', '__proto__'] }, '{}')).toHaveLength(1);
  });
});

test("ECMA 262 patterns are read as Java's are not", () => {
  expect(toJava('^[a[b&&c]$')).toBe('^[a\\[b\\&\\&c]\\z');
  expect(toJava('[^][]\\/\\$')).toBe('[\\s\\S](?!)/\\$');
});

describe('a validation ends', () => {
  const link = 'https://apigateway.amazonaws.com/restapis/a/models/Model';

  test('when a pattern goes astray', () => {
    expect(problemsOf({ pattern: '^(a+)+$' }, JSON.stringify(`${'a'.repeat(5_000)}!`))).toEqual([
      'the schema asks for too much work on this body',
    ]);
  });

  test('when each level asks twice for the next', () => {
    const twice = { properties: { a: { $ref: link } } };
    const schema = { anyOf: [twice, twice] };
    expect(problemsOf(schema, `${'{"a":'.repeat(100)}{}${'}'.repeat(100)}`)).toEqual([
      'the schema asks for too much work on this body',
    ]);
  });

  test('when a schema is nothing but itself, or a body is nested without end', () => {
    expect(problemsOf({ $ref: link }, '{}')).toEqual(['the schema asks for too much work on this body']);
    const nested = `${'['.repeat(900)}${']'.repeat(900)}`;
    expect(problemsOf({ items: { $ref: link } }, nested)).toEqual(['the body is nested too deeply for its schema']);
    const hopeless = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(problemsOf({ items: { $ref: link } }, hopeless)).toEqual(['Unknown error parsing request body']);
  });

  test('with no more problems than anyone reads', () => {
    const problems = problemsOf({ items: { type: 'string' } }, JSON.stringify(Array.from({ length: 50_000 }, () => 1)));
    expect(problems).toHaveLength(100);
  });

  test('with an answer for a large body of many items', () => {
    const items = Array.from({ length: 100_000 }, (_one, n) => ({ n }));
    const schema = { type: 'array', uniqueItems: true, items: { properties: { n: { type: 'integer' } } } };
    expect(problemsOf(schema, JSON.stringify(items))).toEqual([]);
  });
});

const name = fc.constantFrom('a', 'b', 'c');
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 3, 1.5, -1, '', 'a', 'ab', 'abc'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const count = fc.nat({ max: 3 });
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 2 });
const types = fc.constantFrom('array', 'boolean', 'integer', 'null', 'number', 'object', 'string');

const schemas = fc.letrec((tie) => {
  const one = tie('schema');
  const some = fc.array(one, { minLength: 1, maxLength: 2 });
  const flagOrSchema = fc.oneof(fc.boolean(), one);
  return {
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record({ type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 2 })) }),
      fc.constant({ $ref: '#/definitions/d' }),
      fc.record(
        {
          type: types,
          enum: fc.uniqueArray(value, { minLength: 1, maxLength: 3, selector: (item) => JSON.stringify(item) }),
          minimum: count,
          maximum: count,
          multipleOf: fc.constantFrom(1, 2, 0.5),
          minLength: count,
          maxLength: count,
          pattern: fc.constantFrom('a', '^a', 'b$', '^[ab]*$'),
          minItems: count,
          maxItems: count,
          uniqueItems: fc.boolean(),
          items: fc.oneof(one, some),
          additionalItems: flagOrSchema,
          minProperties: count,
          maxProperties: count,
          required: names,
          properties: fc.dictionary(name, one, { maxKeys: 2 }),
          patternProperties: fc.dictionary(fc.constantFrom('a', '^b$'), one, { maxKeys: 1 }),
          additionalProperties: flagOrSchema,
          dependencies: fc.dictionary(name, fc.oneof(names, one), { maxKeys: 1 }),
          allOf: some,
          anyOf: some,
          oneOf: some,
          not: one,
        },
        { requiredKeys: [] },
      ),
    ),
  };
}).schema;

/** As it is after it has been sent. */
const plain = <T>(given: T): T => JSON.parse(JSON.stringify(given)) as T;

test('bodies pass that pass with ajv, and no others', { timeout: 30_000 }, () => {
  const ajv = new AjvDraft04.default({ strict: false, validateSchema: false, logger: false });
  const verdicts = { passed: 0, failed: 0 };
  fc.assert(
    fc.property(schemas, schemas, value, (schema, definition, body) => {
      // A definition that is nothing but a reference to itself has no meaning.
      fc.pre(!JSON.stringify(definition).includes('$ref'));
      const whole = plain({ allOf: [schema], definitions: { d: definition } });
      const expected = ajv.compile(whole)(plain({ body }).body);
      verdicts[expected ? 'passed' : 'failed']++;
      expect(problemsOf(whole, JSON.stringify(body)).length === 0).toBe(expected);
    }),
    { seed: 7, numRuns: 200 },
  );
  expect(Math.min(verdicts.passed, verdicts.failed)).toBeGreaterThan(30);
});
