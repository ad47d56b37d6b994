import { FromStringShapeDeserializer, ToStringShapeSerializer } from '@smithy/core/protocols';
import { NormalizedSchema, TypeRegistry } from '@smithy/core/schema';
import { AwsError } from '../aws-error.ts';
import type { Emulator } from '../emulator.ts';
import type { EdgeRequest } from '../http.ts';
import { splitTarget } from '../route.ts';
import { callBody } from './codec.ts';
import { escapeXml } from './errors.ts';
import { type FoundOperation, operationsOf, type Protocol } from './protocol.ts';

const SETTINGS = { timestampFormat: { useTrait: true, default: 5 } } as const;
const text = new FromStringShapeDeserializer(SETTINGS);

/** The API of a service that speaks AWS Query alone. What a form calls, `queryOperations` finds. */
export function queryProtocol(): Protocol {
  return { errorStyle: 'query', find: () => undefined, nameOf: () => 'a request that is no form' };
}

/** True for a request in the form that older clients of JSON services use: boto3 and the CLI for CloudWatch. */
export function speaksQuery({ target, headers }: EdgeRequest): boolean {
  const isForm = (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  return isForm || /(?:^|&)Action=/.test(splitTarget(target).query);
}

/** AWS Query: a form in, XML out (smithy.io/2.0/aws/protocols/aws-query-protocol.html). */
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
        const result = schema.isUnitSchema() ? '' : element(`${name}Result`, writeValue(schema, output ?? {}));
        const namespace = `http://${emulator.service}.amazonaws.com/doc/${parameters.get('Version') ?? ''}/`;
        const body =
          `<${name}Response xmlns="${escapeXml(namespace)}">${result}` +
          `<ResponseMetadata><RequestId>${call.requestId}</RequestId></ResponseMetadata></${name}Response>`;
        return { status: 200, headers: { 'x-amzn-RequestId': call.requestId, 'Content-Type': 'text/xml' }, body };
      },
    };
  };
}

/** An error under the code that AWS Query knows it by, where the model gives it another: `InvalidParameterValue`. */
export function queryError(emulator: Emulator, error: AwsError): AwsError {
  const namespace = emulator.operations[0]?.schema[1] ?? '';
  try {
    const schema = NormalizedSchema.of(TypeRegistry.for(namespace).getSchema(`${namespace}#${error.code}`) as never);
    const { awsQueryError } = schema.getMergedTraits();
    if (!Array.isArray(awsQueryError)) return error;
    return new AwsError(String(awsQueryError[0]), error.message, Number(awsQueryError[1]));
  } catch {
    // The model does not know the error: it has one name only.
    return error;
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
      const branch = tree.branches.get(memberSchema.getMergedTraits().xmlName ?? member);
      if (branch) value[member] = readValue(memberSchema, branch, member);
    }
    return value;
  }
  if (schema.isListSchema()) {
    const items = tree.branches.get(itemName(schema)) ?? tree.branches.get('member');
    return numbered(items).map((branch) => readValue(schema.getValueSchema(), branch, where));
  }
  if (schema.isMapSchema()) {
    const entries = numbered(tree.branches.get('entry')).map(({ branches }): [string, unknown] => {
      const value = branches.get('value');
      return [branches.get('key')?.value ?? '', value && readValue(schema.getValueSchema(), value, where)];
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

/** What the items of a list go by: RDS has names of its own, `DBInstances.DBInstance.1`. */
function itemName(list: NormalizedSchema): string {
  return list.getValueSchema().getMergedTraits().xmlName ?? 'member';
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
      xml += element(memberSchema.getMergedTraits().xmlName ?? member, writeValue(memberSchema, given));
    }
    return xml;
  }
  if (schema.isListSchema()) {
    const name = itemName(schema);
    const items = (value as unknown[]).map((item) => element(name, writeValue(schema.getValueSchema(), item)));
    return items.join('');
  }
  if (schema.isMapSchema()) {
    const entries = Object.entries(value as Record<string, unknown>).map(([key, item]) =>
      element('entry', element('key', escapeXml(key)) + element('value', writeValue(schema.getValueSchema(), item))),
    );
    return entries.join('');
  }
  const serializer = new ToStringShapeSerializer(SETTINGS);
  serializer.write(schema as never, value);
  return escapeXml(serializer.flush());
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
