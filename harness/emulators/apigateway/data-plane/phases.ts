/** How one phase of a request went that decides about it, for access logs. */
export interface Phase {
  readonly status: number;
  readonly latencyMs: number;
  readonly error?: string | undefined;
}

/** Also how the authorizer's function answered; not when its answer was kept from an earlier request. */
export interface AuthorizerPhase extends Phase {
  readonly integrationStatus?: number | undefined;
  readonly integrationLatencyMs?: number | undefined;
  readonly requestId?: string | undefined;
}

/**
 * The phases that a request has passed ("Troubleshooting Amazon API Gateway with enhanced observability variables",
 * AWS Compute Blog). Those of WAF and IAM are nobody's here.
 */
export interface Phases {
  /** A Lambda authorizer was asked. */
  authorizer?: AuthorizerPhase;
  /** What it answered was judged. */
  authorize?: Phase;
}
