/** What CloudFormation sends a custom resource's function. Source: CloudFormation user guide, "Custom resource request objects". */
export interface CustomResourceRequest {
  readonly RequestType: 'Create' | 'Update' | 'Delete';
  /** Where the answer goes, signed beforehand. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Not with `Create`. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: Properties;
  readonly OldResourceProperties?: Properties;
}

/** As the template has them; CloudFormation makes texts of all but maps and lists. */
export type Properties = Readonly<Record<string, unknown>>;

/** Source: CloudFormation user guide, "Custom resource response objects". */
export interface CustomResourceResponse {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** An answer may have 4,096 bytes in all. */
const MAX_REASON_LENGTH = 1_000;

/** Does what is asked for; `reached` is what exists then. */
export type Fulfil = (request: CustomResourceRequest) => Promise<Reached>;

export interface Reached {
  readonly physicalId: string;
  /** For `Fn::GetAtt`. */
  readonly data?: Readonly<Record<string, string>>;
}

/** Does what is asked for and says how it went. Never rejects: a request without an answer would hang the stack. */
export async function answer(
  request: CustomResourceRequest,
  fulfil: Fulfil,
  logStream: string,
): Promise<CustomResourceResponse> {
  const { StackId, RequestId, LogicalResourceId } = request;
  const ids = { StackId, RequestId, LogicalResourceId };
  try {
    const { physicalId, data } = await fulfil(request);
    return { Status: 'SUCCESS', PhysicalResourceId: physicalId, ...ids, ...(data ? { Data: data } : {}) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const reason = message.length > MAX_REASON_LENGTH ? `${message.slice(0, MAX_REASON_LENGTH)}…` : message;
    return {
      Status: 'FAILED',
      Reason: `${reason} (log stream: ${logStream})`,
      // After a failed `Create` CloudFormation asks to delete this one: nothing, see NOTHING.
      PhysicalResourceId: request.PhysicalResourceId ?? NOTHING,
      ...ids,
    };
  }
}

/** The id of what could not be made. To delete it is to do nothing. */
export const NOTHING = 'none';
