import type { Attribute } from '../resources/resource-type.ts';
import type { CustomResourceRequest } from './request.ts';

/** Bytes. Source: CloudFormation user guide, "Custom resource response objects"; so is the next. */
export const MAX_RESPONSE_BYTES = 4096;
const MAX_PHYSICAL_ID_BYTES = 1024;
/** What the provider is to repeat word by word. */
const REPEATED = ['StackId', 'RequestId', 'LogicalResourceId'] as const;

/** What a provider says of a resource that it has made or removed. */
export interface CustomResourceResponse {
  readonly physicalId: string;
  /** `Data`, as far as `Fn::GetAtt` can reach it: texts and lists of texts. */
  readonly data: Readonly<Record<string, Attribute>>;
  readonly noEcho: boolean;
}

/** A provider failed, said nothing, or said what CloudFormation does not take. */
export class CustomResourceFailed extends Error {
  override readonly name = 'CustomResourceFailed';
  /** What the provider calls the resource that it has begun, if it said so. */
  readonly physicalId: string | undefined;

  constructor(message: string, physicalId?: string) {
    super(message);
    this.physicalId = physicalId;
  }
}

/** @throws CustomResourceFailed */
export function readResponse(body: Buffer, request: CustomResourceRequest): CustomResourceResponse {
  if (body.length > MAX_RESPONSE_BYTES) throw new CustomResourceFailed('Response object is too long.');
  const response = parse(body);
  const { Status, Reason, PhysicalResourceId: id, Data, NoEcho } = response;
  if (Status !== 'SUCCESS' && Status !== 'FAILED') {
    throw invalid(`${Status === undefined ? 'null' : `'${shown(Status)}'`} is not a valid ResponseStatus`);
  }
  const reason = Reason === undefined || Reason === null ? undefined : shown(Reason);
  if (typeof id !== 'string' || id === '' || Buffer.byteLength(id) > MAX_PHYSICAL_ID_BYTES) {
    // CloudFormation says no more than this, and hides why the provider failed.
    const hidden = Status === 'FAILED' && reason !== undefined ? ` (its Reason: ${reason})` : '';
    throw new CustomResourceFailed(`Invalid PhysicalResourceId${hidden}`);
  }
  for (const member of REPEATED) {
    if (response[member] === request[member]) continue;
    throw invalid(`${member} must be ${request[member]}, as in the request, and is ${shown(response[member])}`);
  }
  if (Status === 'FAILED') {
    const message = `Received response status [FAILED] from custom resource. Message returned: ${reason ?? 'null'}`;
    throw new CustomResourceFailed(`${message} (RequestId: ${request.RequestId})`, id);
  }
  return { physicalId: id, data: attributesOf(Data), noEcho: NoEcho === true || NoEcho === 'true' };
}

function parse(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch (error) {
    throw invalid((error as Error).message);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalid('it must be a JSON object');
}

function attributesOf(data: unknown): Record<string, Attribute> {
  if (data === undefined || data === null) return {};
  if (typeof data !== 'object' || Array.isArray(data)) throw invalid('Data must be a JSON object');
  const attributes: Record<string, Attribute> = {};
  for (const [name, value] of Object.entries(data)) {
    if (Array.isArray(value) && value.every(isScalar)) attributes[name] = value.map(String);
    else if (isScalar(value)) attributes[name] = String(value);
  }
  return attributes;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'missing');
}

function invalid(what: string): CustomResourceFailed {
  return new CustomResourceFailed(`Invalid Response object: ${what}`);
}
