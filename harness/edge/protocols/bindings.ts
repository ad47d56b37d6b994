import { NormalizedSchema } from '@smithy/core/schema';
import type { $SchemaRef, StaticStructureSchema } from '@smithy/types';

/** Where the members of a structure go in an HTTP message (smithy.io/2.0/spec/http-bindings.html). */
export interface Bindings {
  readonly labels: readonly Member[];
  readonly query: readonly NamedMember[];
  readonly queryMap: Member | undefined;
  readonly headers: readonly NamedMember[];
  readonly prefixHeaders: readonly NamedMember[];
  readonly payload: Member | undefined;
  readonly status: Member | undefined;
  /** The structure of the members that are left for the JSON body, or undefined when none are. */
  readonly body: StaticStructureSchema | undefined;
}

export interface Member {
  readonly member: string;
  readonly schema: NormalizedSchema;
}

export interface NamedMember extends Member {
  /** The name in the message; headers in lower case. */
  readonly name: string;
  readonly nameAsWritten: string;
}

/** Labels and the query are parts of requests only: an answer has such a member in its body. */
export function bindingsOf(ref: $SchemaRef, of: 'request' | 'response'): Bindings {
  const schema = NormalizedSchema.of(ref as never);
  const labels: Member[] = [];
  const query: NamedMember[] = [];
  const headers: NamedMember[] = [];
  const prefixHeaders: NamedMember[] = [];
  const bodyNames: string[] = [];
  const bodySchemas: NormalizedSchema[] = [];
  const asks = of === 'request';
  let queryMap: Member | undefined;
  let payload: Member | undefined;
  let status: Member | undefined;

  for (const [member, memberSchema] of schema.structIterator()) {
    const traits = memberSchema.getMergedTraits();
    const bound = { member, schema: memberSchema };
    if (asks && traits.httpLabel) labels.push(bound);
    else if (asks && traits.httpQuery)
      query.push({ ...bound, name: traits.httpQuery, nameAsWritten: traits.httpQuery });
    else if (asks && traits.httpQueryParams) queryMap = bound;
    else if (traits.httpHeader) {
      headers.push({ ...bound, name: traits.httpHeader.toLowerCase(), nameAsWritten: traits.httpHeader });
    } else if (typeof traits.httpPrefixHeaders === 'string') {
      const prefix = traits.httpPrefixHeaders;
      prefixHeaders.push({ ...bound, name: prefix.toLowerCase(), nameAsWritten: prefix });
    } else if (traits.httpPayload) payload = bound;
    else if (traits.httpResponseCode) status = bound;
    else {
      bodyNames.push(member);
      bodySchemas.push(memberSchema);
    }
  }
  const body: StaticStructureSchema | undefined =
    bodyNames.length > 0 && !payload ? [3, 'naetmul', 'Body', 0, bodyNames, bodySchemas as never] : undefined;
  return { labels, query, queryMap, headers, prefixHeaders, payload, status, body };
}
