/** What API Gateway hands to a function by proxy integration, as far as it is used here. */
export interface ProxyRequest {
  /** As the sender spelt them. */
  readonly headers: Readonly<Record<string, string>> | null;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly body: string | null;
  /** For content types that the API has among its binary media types. */
  readonly isBase64Encoded: boolean;
  readonly requestContext: {
    /** What the sender's X-Amzn-RequestId says, if it is a UUID. */
    readonly requestId: string;
    /** Nobody chooses it. Missing where a function is called without the API. */
    readonly extendedRequestId?: string;
    readonly requestTimeEpoch: number;
  };
}

export interface ProxyAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The bytes of the body. Where the API has read them as text, what was not UTF-8 in them is lost already. */
export function bodyOf({ body, isBase64Encoded }: ProxyRequest): Buffer {
  return Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
}

/** A header by its name in any spelling. */
export function headerOf({ headers }: ProxyRequest, name: string): string | undefined {
  const found = Object.entries(headers ?? {}).find(([spelt]) => spelt.toLowerCase() === name.toLowerCase());
  return found?.[1];
}

export function jsonAnswer(statusCode: number, body: object): ProxyAnswer {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
