import { type Processing, readProcessing } from '../../processing/index.ts';
import { Violations } from '../../violations.ts';
import type { Attempt, BufferingHints, Delivered, Destination, ErrorLogPlace, S3Writer } from '../destination.ts';
import type { DestinationKind, DestinationParts } from '../kind.ts';
import { changeS3, checkS3Request, createS3Writer, describeS3 } from '../s3/index.ts';
import { checkHttpEndpoint, type HttpEndpoint, type HttpEndpointRequest, readHttpEndpoint } from './configuration.ts';
import { deliverToEndpoint } from './delivery.ts';
import { createPost, type Post } from './post.ts';

const CONFIGURATION = 'HttpEndpointDestinationConfiguration';

/** What a destination and those that take its place share: the newest endpoint, which retries under way go by. */
interface Newest {
  endpoint: HttpEndpoint;
}

/** An HTTP endpoint: a server of one's own, or of a vendor, that takes Firehose's requests. */
export class HttpEndpointDestination implements Destination {
  readonly metricPrefix = 'DeliveryToHttpEndpoint';
  readonly endpoint: HttpEndpoint;
  readonly newest: Newest;
  readonly processing: Processing | undefined;
  readonly errorOutput: S3Writer;
  readonly sourceBackup: S3Writer | undefined;
  readonly #post: Post;

  /** @throws InvalidArgumentException */
  constructor(endpoint: HttpEndpoint, member: string, parts: DestinationParts, post: Post, newest?: Newest) {
    const { request, s3, backupMode } = endpoint;
    this.processing = readProcessing(request.ProcessingConfiguration, member, { dynamicPartitioning: false }, parts);
    this.endpoint = endpoint;
    this.newest = newest ?? { endpoint };
    this.newest.endpoint = endpoint;
    this.errorOutput = createS3Writer(s3, parts.aws);
    this.sourceBackup = backupMode === 'AllData' ? this.errorOutput : undefined;
    this.#post = post;
  }

  get arn(): string {
    return this.endpoint.url.href;
  }

  get hints(): BufferingHints {
    return this.endpoint.hints;
  }

  get errorLog(): ErrorLogPlace | undefined {
    return this.endpoint.errorLog;
  }

  /** Without the access key. */
  describe(): ReturnType<Destination['describe']> {
    const { request, hints, s3, retryMs, backupMode } = this.endpoint;
    const { EndpointConfiguration: endpoint, RequestConfiguration: { ContentEncoding, CommonAttributes } = {} } =
      request;
    return {
      HttpEndpointDestinationDescription: {
        EndpointConfiguration: { Url: endpoint?.Url, Name: endpoint?.Name },
        BufferingHints: { SizeInMBs: hints.sizeInMBs, IntervalInSeconds: hints.intervalInSeconds },
        CloudWatchLoggingOptions: request.CloudWatchLoggingOptions ?? { Enabled: false },
        RequestConfiguration: {
          ContentEncoding: ContentEncoding ?? 'NONE',
          CommonAttributes: CommonAttributes ?? [],
        },
        ProcessingConfiguration: request.ProcessingConfiguration ?? { Enabled: false, Processors: [] },
        RoleARN: request.RoleARN,
        RetryOptions: { DurationInSeconds: retryMs / 1000 },
        S3BackupMode: backupMode,
        S3DestinationDescription: describeS3(s3),
      },
    };
  }

  deliver(batch: Parameters<Destination['deliver']>[0], attempt: Attempt): Promise<Delivered> {
    return deliverToEndpoint(batch, attempt, { endpoint: () => this.newest.endpoint, post: this.#post });
  }
}

/** @param post sends the requests */
export function createHttpEndpointKind(post: Post = createPost()): DestinationKind<HttpEndpointRequest> {
  return {
    configuration: CONFIGURATION,
    update: 'HttpEndpointDestinationUpdate',
    check: checkHttpEndpoint,
    make: (request, member, parts) =>
      new HttpEndpointDestination(readHttpEndpoint(request, member), member, parts, post),

    change(old, { S3Update, ...update }, member, parts) {
      if (old instanceof HttpEndpointDestination) {
        const { request, s3 } = old.endpoint;
        const changed = {
          ...request,
          ...definedMembers(update),
          // An update that gives no access key does not take the old one away, which nobody can read any more.
          EndpointConfiguration: { ...request.EndpointConfiguration, ...definedMembers(update.EndpointConfiguration) },
          S3Configuration: S3Update ? changeS3(s3, S3Update, `${member}.S3Update`).request : request.S3Configuration,
        };
        const endpoint = readHttpEndpoint(changed as HttpEndpointRequest, member);
        return new HttpEndpointDestination(endpoint, member, parts, post, old.newest);
      }
      // From another type nothing is taken over, so all must be given.
      const whole = { ...update, S3Configuration: S3Update } as HttpEndpointRequest;
      const violations = new Violations();
      const path = member.charAt(0).toLowerCase() + member.slice(1);
      violations.required(`${path}.endpointConfiguration`, update.EndpointConfiguration);
      if (violations.required(`${path}.s3Update`, S3Update)) {
        checkS3Request(S3Update, `${path}.s3Update`, violations, false);
      }
      violations.raise();
      return new HttpEndpointDestination(readHttpEndpoint(whole, member), member, parts, post);
    },
  };
}

export const httpEndpointKind = createHttpEndpointKind();

function definedMembers(members: object | undefined): object {
  return Object.fromEntries(Object.entries(members ?? {}).filter(([, value]) => value !== undefined));
}
