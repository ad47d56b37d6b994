// Sources of this file: https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html, …/http_troubleshooting.html
// and …/monitoring-with-cloudwatch-logs.html.

/** Bytes of a response, its headers included. */
export const MAX_RESPONSE_BYTES = 1024 * 1024;
const MAX_ERROR_MESSAGE_LENGTH = 8192;
/** How much of a response error messages repeat. AWS says that it is truncated, not where. */
const MAX_SHOWN_LENGTH = 2048;

export interface EndpointResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

/** Why an attempt failed. */
export interface EndpointError {
  readonly code: string;
  readonly message: string;
  /** Not to be tried again. */
  readonly permanent?: boolean;
}

export const endpointErrors = {
  timeout: {
    code: 'HttpEndpoint.RequestTimeout',
    message:
      'The delivery timed out before a response was received and will be retried. If this error persists, contact the AWS Firehose service team.',
  },
  tooLarge: {
    code: 'HttpEndpoint.ResponseTooLarge',
    message:
      'The response received from the endpoint is too large. Contact the owner of the endpoint to resolve this issue.',
  },
  notConnected: {
    code: 'HttpEndpoint.ConnectionFailed',
    message: 'Unable to connect to the destination endpoint. Contact the owner of the endpoint to resolve this issue.',
  },
  reset: {
    code: 'HttpEndpoint.ConnectionReset',
    message:
      'Unable to maintain connection with the endpoint. Contact the owner of the endpoint to resolve this issue.',
  },
  handshake: {
    code: 'HttpEndpoint.SSLHandshakeFailure',
    message:
      'Could not complete an SSL Handshake with the endpoint. Contact the owner of the endpoint to resolve this issue.',
  },
} as const satisfies Readonly<Record<string, EndpointError>>;

/** What a response says: undefined when the endpoint has taken the request's records. */
export function judgeResponse(response: EndpointResponse, requestId: string): EndpointError | undefined {
  const text = response.body.toString('utf8');
  const shown = `${response.status}: ${text.slice(0, MAX_SHOWN_LENGTH)}`;
  if (response.status !== 200) {
    return {
      code: 'HttpEndpoint.DestinationException',
      message: `The following response was received from the endpoint destination. ${shown}`,
      permanent: response.status === 413,
    };
  }
  const fault = faultOf(response, text, requestId);
  if (fault === undefined) return undefined;
  const raw = `${response.status} ${text.slice(0, MAX_SHOWN_LENGTH)}`;
  return {
    code: 'HttpEndpoint.InvalidResponseFromDestination',
    message: `The response received from the specified endpoint is invalid. Contact the owner of the endpoint to resolve the issue. Response for request ${requestId} ${fault}. Raw response received: ${raw}`,
  };
}

/** What is wrong with a response of status 200. */
function faultOf({ headers }: EndpointResponse, text: string, requestId: string): string | undefined {
  const [contentType = ''] = String(headers['content-type'] ?? '').split(';');
  if (contentType.trim().toLowerCase() !== 'application/json') {
    return "does not contain a 'content-type: application/json' header";
  }
  if (headers['content-encoding'] !== undefined) return "must not contain a 'content-encoding' header";
  if (headers['content-length'] === undefined) return "does not contain a 'content-length' header";
  const answer = parse(text);
  if (!answer || !isRecognized(answer)) return 'is not recognized as valid JSON or has unexpected fields';
  if (answer.requestId === undefined) return 'does not contain a requestId';
  if (answer.requestId !== requestId) return 'contains a requestId that does not match';
  if (answer.timestamp === undefined) return 'does not contain a timestamp';
  return undefined;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function isRecognized({ requestId, timestamp, errorMessage, ...others }: Record<string, unknown>): boolean {
  return (
    Object.keys(others).length === 0 &&
    (requestId === undefined || typeof requestId === 'string') &&
    (timestamp === undefined || Number.isInteger(timestamp)) &&
    (errorMessage === undefined ||
      (typeof errorMessage === 'string' && errorMessage.length <= MAX_ERROR_MESSAGE_LENGTH))
  );
}
