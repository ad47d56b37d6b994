/** What a provider is asked. Source: CloudFormation user guide, "Custom resource request objects". */
export interface CustomResourceRequest {
  readonly RequestType: 'Create' | 'Delete';
  readonly ServiceToken: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** What the provider called the resource when it made it; not yet in the request that makes it. */
  readonly PhysicalResourceId?: string;
  readonly ResourceType: string;
  readonly ResourceProperties: TextTree;
}

export type TextTree = string | readonly TextTree[] | { readonly [key: string]: TextTree };

/** Providers see every number and truth as text: `5` is `"5"`, `true` is `"true"`, however deep. */
export function textTree(value: unknown): TextTree {
  if (Array.isArray(value)) return value.map(textTree);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, textTree(inner)]));
}

/** How CloudFormation names one request, in the address for the answer and in its errors. */
export function requestKey(
  request: Pick<CustomResourceRequest, 'StackId' | 'LogicalResourceId' | 'RequestId'>,
): string {
  return [request.StackId, request.LogicalResourceId, request.RequestId].join('|');
}
