import type { EdgeRequest } from '../../../edge/http.ts';
import type { EntryNumber } from '../../../ledger/index.ts';
import type { Visit } from '../domain-names/visit.ts';
import type { IntegrationType, RestApi, Stage } from '../store/model.ts';
import type { ContextVariables } from './context-variables.ts';
import type { ExecutionLog } from './execution-log.ts';
import type { GatewayFailure } from './gateway-failure.ts';
import type { MultiMap } from './multi-map.ts';
import type { Phases } from './phases.ts';
import type { TemplateScope } from './templates.ts';

/** One request on its way through the steps, which fill in what they find out. */
export interface Exchange extends TemplateScope {
  readonly request: EdgeRequest;
  readonly api: RestApi;
  readonly stage: Stage;
  readonly receivedAt: number;
  /** The ledger's `received` entry. */
  readonly received: EntryNumber;
  readonly traceRoot: string;
  readonly httpMethod: string;
  /** Below the stage, still encoded. */
  readonly path: string;
  /** How it came by a custom domain name, where it did. */
  readonly visit: Visit | undefined;
  readonly query: MultiMap;
  readonly headers: MultiMap;
  readonly context: ContextVariables;
  /** The API key that an authorizer named. */
  usageIdentifierKey: string | undefined;
  pathParameters: Readonly<Record<string, string>>;
  /** As it came. */
  body: Buffer;
  bodyText: string;
  log: ExecutionLog | undefined;
  readonly phases: Phases;
  /** Once it has come to its integration. */
  integrationType: IntegrationType | undefined;
  /** What the integration was told and did. */
  integrationLatencyMs: number | undefined;
  integrationStatus: number | undefined;
  /** Why API Gateway answers it itself. */
  failure: GatewayFailure | undefined;
  /** True once an entry in the ledger says what became of the request. */
  settled: boolean;
}

/** A finished answer. */
export interface GatewayAnswer {
  readonly status: number;
  readonly headers: Record<string, string | readonly string[]>;
  readonly body: Buffer | string;
}
