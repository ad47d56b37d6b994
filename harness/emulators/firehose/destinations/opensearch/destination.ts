import type { Batch } from '../../buffer.ts';
import { type FailedRecord, failRecord } from '../../failed-record.ts';
import { type Processing, readProcessing } from '../../processing/index.ts';
import type { Attempt, Delivered, Destination, S3Writer, Stored } from '../destination.ts';
import type { DestinationParts } from '../kind.ts';
import { createS3Writer } from '../s3/index.ts';
import { type BulkAnswer, type Refusal, readBulkAnswer } from './answer.ts';
import {
  type BulkRequest,
  bulkRequests,
  type Document,
  type DocumentNames,
  documentsOf,
  firehoseDocumentNames,
  recordOf,
  runsOf,
} from './bulk.ts';
import { describeOpenSearch, type OpenSearchConfiguration } from './configuration.ts';
import { sendBulk } from './endpoint.ts';
import { FIRST_PAUSE_MS, MAX_BULK_BYTES, MAX_PAUSE_MS } from './limits.ts';
import { rotatedIndex } from './rotation.ts';

/** What differs between the two names under which a domain can be a destination. */
export interface Flavor {
  /** `DeliveryToAmazonOpenSearchService`. */
  readonly metricPrefix: string;
  /** In front of error codes: `OS` of `OS.MalformedData`. */
  readonly errorPrefix: string;
  readonly description: 'AmazonopensearchserviceDestinationDescription' | 'ElasticsearchDestinationDescription';
}

/** In Firehose's words, as seen in the log of a real stream. */
const MALFORMED =
  'One or more records are malformed. Please ensure that each record is single valid JSON object and that it does not ' +
  'contain newlines.';
const NO_NAMES: DocumentNames = () => undefined;

/** A document with why it was not stored at the last attempt. */
interface RefusedDocument {
  readonly document: Document;
  readonly refusal: Refusal;
  readonly attemptsMade: number;
  /** ms since the epoch. */
  readonly endedAt: number;
}

/** Indexes each record as a document, by bulk requests to a domain. */
export class OpenSearchDestination implements Destination {
  readonly flavor: Flavor;
  readonly configuration: OpenSearchConfiguration;
  readonly processing: Processing | undefined;
  readonly errorOutput: S3Writer;
  readonly sourceBackup: S3Writer | undefined;
  readonly #parts: DestinationParts;

  /** @throws InvalidArgumentException */
  constructor(configuration: OpenSearchConfiguration, member: string, flavor: Flavor, parts: DestinationParts) {
    const { request, s3, backsUpAll } = configuration;
    this.flavor = flavor;
    this.configuration = configuration;
    this.processing = readProcessing(request.ProcessingConfiguration, member, { dynamicPartitioning: false }, parts);
    this.errorOutput = createS3Writer(s3, parts.aws);
    this.sourceBackup = backsUpAll ? createS3Writer(s3, parts.aws) : undefined;
    this.#parts = parts;
  }

  get metricPrefix() {
    return this.flavor.metricPrefix;
  }

  get arn() {
    const { DomainARN, ClusterEndpoint } = this.configuration.request;
    return DomainARN ?? ClusterEndpoint ?? '';
  }

  get hints() {
    return this.configuration.hints;
  }

  get errorLog() {
    return this.configuration.errorLog;
  }

  describe(): ReturnType<Destination['describe']> {
    return { [this.flavor.description]: describeOpenSearch(this.configuration) };
  }

  async deliver(batch: Batch, attempt: Attempt): Promise<Delivered> {
    const nameOf = this.configuration.namesDocuments ? firehoseDocumentNames(batch) : NO_NAMES;
    const deadline = attempt.now() + this.configuration.retryMs;
    const { sendable, malformed } = documentsOf(batch, this.#indexes());
    const stored: Document[] = [];
    const givenUp = this.#giveUpMalformed(malformed, attempt);
    let pending: readonly Document[] = sendable;
    let pause = FIRST_PAUSE_MS;
    let attemptsMade = 0;
    while (pending.length > 0) {
      attemptsMade++;
      const retry: RefusedDocument[] = [];
      for (const request of bulkRequests(pending, nameOf, MAX_BULK_BYTES)) {
        const answer = await this.#send(request, attempt);
        this.#settle(request, answer, { attemptsMade, endedAt: attempt.now() }, { stored, retry, givenUp });
      }
      const left = deadline - attempt.now();
      if (retry.length === 0) break;
      if (left <= 0) {
        for (const refused of retry) givenUp.push(refused);
        break;
      }
      // The last attempt is made at the very end of the retry duration.
      await attempt.lock.sleep(Math.min(pause, left), attempt.signal);
      pause = Math.min(2 * pause, MAX_PAUSE_MS);
      pending = retry.map(({ document }) => document);
    }
    givenUp.sort((a, b) => a.document.position - b.document.position);
    return {
      stored: storedByIndex(stored, attemptsMade),
      failed: givenUp.map((refused) => this.#failedRecord(refused, nameOf)),
    };
  }

  #giveUpMalformed(malformed: readonly Document[], attempt: Attempt): RefusedDocument[] {
    if (malformed.length > 0) attempt.reportError(`${this.flavor.errorPrefix}.MalformedData`, MALFORMED);
    const refusal = { errorCode: '400', errorMessage: MALFORMED, isPassing: false };
    const endedAt = attempt.now();
    return malformed.map((document) => ({ document, refusal, attemptsMade: 1, endedAt }));
  }

  /** The index by arrival; records that arrive together need not each be asked. */
  #indexes(): (arrival: number) => string {
    const { indexName, rotation } = this.configuration;
    let last: { readonly arrival: number; readonly index: string } | undefined;
    return (arrival) => {
      if (last?.arrival !== arrival) {
        last = { arrival, index: rotatedIndex(indexName, rotation, arrival, this.#parts.options) };
      }
      return last.index;
    };
  }

  /** Rejects only when stopped. */
  async #send({ documents, body }: BulkRequest, attempt: Attempt): Promise<BulkAnswer> {
    const { errorPrefix } = this.flavor;
    try {
      const response = await sendBulk(this.#parts.aws, this.configuration.endpoint, body, attempt.signal);
      const answer = readBulkAnswer(response.status, response.body, documents.length);
      const code = response.status === 401 || response.status === 403 ? 'AccessDenied' : 'ServiceException';
      for (const message of messagesOf(answer)) attempt.reportError(`${errorPrefix}.${code}`, message);
      return answer;
    } catch (error) {
      attempt.signal.throwIfAborted();
      const errorCode = `${errorPrefix}.ConnectionFailed`;
      const errorMessage = error instanceof Error ? error.message : String(error);
      attempt.reportError(errorCode, errorMessage);
      return { kind: 'failed', refusal: { errorCode, errorMessage, isPassing: true } };
    }
  }

  #settle(
    { documents }: BulkRequest,
    answer: BulkAnswer,
    made: Pick<RefusedDocument, 'attemptsMade' | 'endedAt'>,
    into: { stored: Document[]; retry: RefusedDocument[]; givenUp: RefusedDocument[] },
  ): void {
    const retriesAll = this.#parts.options.refusedDocuments === 'after-retries';
    documents.forEach((document, n) => {
      const refusal = answer.kind === 'failed' ? answer.refusal : answer.kind === 'some-refused' && answer.refusals[n];
      if (!refusal) into.stored.push(document);
      else (refusal.isPassing || retriesAll ? into.retry : into.givenUp).push({ document, refusal, ...made });
    });
  }

  #failedRecord({ document, refusal, attemptsMade, endedAt }: RefusedDocument, nameOf: DocumentNames): FailedRecord {
    return failRecord(recordOf(document), {
      type: this.#parts.options.failedDocumentsFolder,
      attemptsMade,
      errorCode: refusal.errorCode,
      errorMessage: refusal.errorMessage,
      attemptEndingTimestamp: endedAt,
      before: {
        esDocumentId: nameOf(document) ?? '',
        esIndexName: document.index,
        esTypeName: this.configuration.request.TypeName ?? '',
      },
    });
  }
}

/** The ledger's name of an index is that of its place, at which the books of OpenSearch say when it is gone. */
function storedByIndex(documents: Document[], attempts: number): Stored[] {
  documents.sort((a, b) => a.position - b.position);
  const groups = Map.groupBy(documents, ({ index }) => index);
  return [...groups].map(([index, group]) => ({
    runs: runsOf(group),
    into: [`opensearch/${index}`],
    detail: { attempts },
  }));
}

/** What there is to say of an answer: of documents that are refused for the same reason, the first one's. */
function messagesOf(answer: BulkAnswer): readonly string[] {
  if (answer.kind === 'all-stored') return [];
  if (answer.kind === 'failed') return [answer.refusal.errorMessage];
  const messages = new Map<string, string>();
  for (const refusal of answer.refusals) {
    const reason = refusal && `${refusal.errorCode} ${typeOf(refusal.errorMessage)}`;
    if (refusal && reason !== undefined && !messages.has(reason)) messages.set(reason, refusal.errorMessage);
  }
  return [...messages.values()];
}

function typeOf(errorMessage: string): string | undefined {
  return /"type":"([^"]*)"/.exec(errorMessage)?.[1];
}
