import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema, TypeRegistry } from '@smithy/core/schema';
import { AwsError } from '../aws-error.ts';
import type { Emulator } from '../emulator.ts';
import type { EdgeRequest } from '../http.ts';
import { splitTarget } from '../route.ts';
import { callBody } from './codec.ts';
import { escapeXml } from './errors.ts';
import { type FoundOperation, operationsOf, type Protocol } from './protocol.ts';
import { isFlat, queryJson, wantsJson } from './query-json.ts';

const SETTINGS = { timestampFormat: { useTrait: true, default: 5 } } as const;
const text = new FromStringShapeDeserializer(SETTINGS);

/** The names that XML namespaces have where they are not the services' signing names. */
const DOMAINS: Readonly<Record<string, string>> = { sqs: 'queue' };

/** Errors of every service that no model describes, by the names that JSON has for them. */
const COMMON_CODES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'AccessDenied',
  InvalidParameterValueException: 'InvalidParameterValue',
  MissingRequiredParameterException: 'MissingParameter',
};

/** The API of a service that speaks AWS Query alone. What a form calls, `queryOperations` finds. */
export function queryProtocol(): Protocol {
  return { errorStyle: 'query', find: () => undefined, nameOf: () => 'a request that is no form' };
}

/** True for a request in the form that older clients of JSON services use: boto3 and the CLI for CloudWatch. */
export function speaksQuery({ target, headers }: EdgeRequest): boolean {
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return isForm || /(?:^|&)Action=/.test(splitTarget(target).query);
}

/** AWS Query: a form in, XML out, or JSON for who asks for it (smithy.io/2.0/aws/protocols/aws-query-protocol.html). */
export function queryOperations(emulator: Emulator): (request: EdgeRequest) => Promise<FoundOperation> {
  const operations = new Map(operationsOf(emulator).map((operation) => [operation.schema[2], operation]));
  return async (request) => {
    const parameters = new URLSearchParams(splitTarget(request.target).query);
    for (const [name, value] of new URLSearchParams((await callBody(request)).toString())) parameters.set(name, value);
    const name = parameters.get('Action') ?? '';
    const operation = operations.get(name);
    if (!operation) {
      const what = name === '' ? 'a request without Action' : name;
      throw new AwsError('InvalidAction', `naetmul does not support ${what} of ${emulator.service}.`);
    }
    const [, , , , inputSchema, outputSchema] = operation.schema;
    return {
      name,
      async call(call) {
        const input = readValue(NormalizedSchema.of(inputSchema as never), treeOf(parameters), 'the request') ?? {};
        const output = await operation.run(input, call);
        const schema = NormalizedSchema.of(outputSchema as never);
        const answer = (contentType: string, body: string) => ({
          status: 200,
          headers: { 'x-amzn-RequestId': call.requestId, 'Content-Type': contentType },
          body,
        });
        if (wantsJson(request.headers)) {
          return answer('application/json', queryJson(name, schema, output, call.requestId));
        }
        const result = schema.isUnitSchema() ? '' : element(`${name}Result`, writeValue(schema, output ?? {}));
        const domain = DOMAINS[emulator.service] ?? emulator.service;
        const namespace = `http://${domain}.amazonaws.com/doc/${parameters.get('Version') ?? ''}/`;
        const body =
          `<${name}Response xmlns="${escapeXml(namespace)}">${result}` +
          `<ResponseMetadata><RequestId>${call.requestId}</RequestId></ResponseMetadata></${name}Response>`;
        return answer('text/xml', body);
      },
    };
  };
}

/** An error under the code and status that AWS Query knows it by, where they are not those of JSON. */
export function queryError(emulator: Pick<Emulator, 'operations'>, error: AwsError): AwsError {
  const schema = errorSchema(emulator, error.code);
  const { awsQueryError } = schema?.getMergedTraits() ?? {};
  if (Array.isArray(awsQueryError)) {
    return new AwsError(String(awsQueryError[0]), error.message, Number(awsQueryError[1]), error.members);
  }
  const common = schema ? undefined : COMMON_CODES[error.code];
  return common === undefined ? error : new AwsError(common, error.message, error.status, error.members);
}

/** The model's description of an error; undefined for one that it does not know. */
export function errorSchema({ operations }: Pick<Emulator, 'operations'>, code: string): NormalizedSchema | undefined {
  const namespace = operations[0]?.schema[1] ?? '';
  try {
    return NormalizedSchema.of(TypeRegistry.for(namespace).getSchema(`${namespace}#${code}`) as never);
  } catch {
    return undefined;
  }
}

/** `Dimensions.member.1.Name=x` as a tree. */
interface Tree {
  value: string | undefined;
  readonly branches: Map<string, Tree>;
}

function treeOf(parameters: URLSearchParams): Tree {
  const root: Tree = { value: undefined, branches: new Map() };
  for (const [path, value] of parameters) {
    let tree = root;
    for (const step of path.split('.')) {
      let branch = tree.branches.get(step);
      if (!branch) {
        branch = { value: undefined, branches: new Map() };
        tree.branches.set(step, branch);
      }
      tree = branch;
    }
    tree.value = value;
  }
  return root;
}

function readValue(schema: NormalizedSchema, tree: Tree, where: string): unknown {
  if (schema.isStructSchema()) {
    const value: Record<string, unknown> = {};
    for (const [member, memberSchema] of schema.structIterator()) {
      // SQS takes `MessageAttributes.1.Name`, by the member's own name, as well (recorded).
      const branch = tree.branches.get(xmlName(memberSchema, member)) ?? tree.branches.get(member);
      if (branch) value[member] = readValue(memberSchema, branch, member);
    }
    return value;
  }
  if (schema.isListSchema()) {
    const named = tree.branches.get(xmlName(schema.getValueSchema(), 'member')) ?? tree.branches.get('member');
    return numbered(isFlat(schema) ? tree : named).map((branch) => readValue(schema.getValueSchema(), branch, where));
  }
  if (schema.isMapSchema()) {
    const [keyName, valueName] = [xmlName(schema.getKeySchema(), 'key'), xmlName(schema.getValueSchema(), 'value')];
    const pairs = numbered(isFlat(schema) ? tree : tree.branches.get('entry'));
    const entries = pairs.map(({ branches }): [string, unknown] => {
      const value = branches.get(valueName);
      return [branches.get(keyName)?.value ?? '', value && readValue(schema.getValueSchema(), value, where)];
    });
    return Object.fromEntries(entries);
  }
  if (tree.value === undefined) return undefined;
  try {
    const value: unknown = text.read(schema as never, tree.value);
    if (typeof value === 'number' && Number.isNaN(value) && tree.value !== 'NaN') throw new Error('it is not a number');
    return value;
  } catch (error) {
    throw new AwsError('MalformedInput', `The value of ${where} cannot be read: ${(error as Error).message}`);
  }
}

/** The name that the model gives, as RDS's does to the items of lists (`DBInstances.DBInstance.1`), or `name`. */
function xmlName(schema: NormalizedSchema, name: string): string {
  return schema.getMergedTraits().xmlName ?? name;
}

function numbered(tree: Tree | undefined): Tree[] {
  const branches = [...(tree?.branches ?? [])];
  return branches.sort(([a], [b]) => Number(a) - Number(b)).map(([, branch]) => branch);
}

function writeValue(schema: NormalizedSchema, value: unknown): string {
  if (schema.isStructSchema()) {
    let xml = '';
    for (const [member, memberSchema] of schema.structIterator()) {
      const given = (value as Record<string, unknown>)[member];
      if (given === undefined || given === null) continue;
      const name = xmlName(memberSchema, member);
      xml += isFlat(memberSchema)
        ? writeItems(memberSchema, given, name, name)
        : element(name, writeValue(memberSchema, given));
    }
    return xml;
  }
  if (schema.isListSchema() || schema.isMapSchema()) {
    return writeItems(schema, value, xmlName(schema.getValueSchema(), 'member'), 'entry');
  }
  const serializer = new ToStringShapeSerializer(SETTINGS);
  serializer.write(schema as never, value);
  return escapeXml(serializer.flush());
}

/** The members of a list, each as an element `item`, or of a map, each as an element `entry`. */
function writeItems(schema: NormalizedSchema, value: unknown, item: string, entry: string): string {
  const valueSchema = schema.getValueSchema();
  if (schema.isListSchema()) {
    return (value as unknown[]).map((one) => element(item, writeValue(valueSchema, one))).join('');
  }
  const [keyName, valueName] = [xmlName(schema.getKeySchema(), 'key'), xmlName(valueSchema, 'value')];
  return Object.entries(value as Record<string, unknown>)
    .map(([key, one]) =>
      element(entry, element(keyName, escapeXml(key)) + element(valueName, writeValue(valueSchema, one))),
    )
    .join('');
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
