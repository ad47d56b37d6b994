import { errors } from '../../errors.ts';
import type { Destination } from '../destination.ts';
import type { DestinationKind, DestinationParts } from '../kind.ts';
import {
  changeOpenSearch,
  checkOpenSearchRequest,
  type OpenSearchRequest,
  readOpenSearchRequest,
} from './configuration.ts';
import { type Flavor, OpenSearchDestination } from './destination.ts';

/** A domain of Amazon OpenSearch Service. */
export const openSearchKind: DestinationKind<OpenSearchRequest> = kindOf(
  'AmazonopensearchserviceDestinationConfiguration',
  'AmazonopensearchserviceDestinationUpdate',
  {
    metricPrefix: 'DeliveryToAmazonOpenSearchService',
    errorPrefix: 'OS',
    description: 'AmazonopensearchserviceDestinationDescription',
  },
);

/** The same under the service's name of before 2021, which older templates and programs have. */
export const elasticsearchKind: DestinationKind<OpenSearchRequest> = kindOf(
  'ElasticsearchDestinationConfiguration',
  'ElasticsearchDestinationUpdate',
  {
    metricPrefix: 'DeliveryToElasticsearch',
    errorPrefix: 'ES',
    description: 'ElasticsearchDestinationDescription',
  },
);

function kindOf(configuration: string, update: string, flavor: Flavor): DestinationKind<OpenSearchRequest> {
  return {
    configuration,
    update,
    check: checkOpenSearchRequest,
    make(request, member, parts) {
      return new OpenSearchDestination(readOpenSearchRequest(request, member), member, flavor, parts);
    },
    change(old: Destination, request: OpenSearchRequest, member: string, parts: DestinationParts) {
      if (!(old instanceof OpenSearchDestination) || old.flavor !== flavor) {
        throw errors.invalid(`Switching from another type of destination to that of ${member} is not supported`);
      }
      return new OpenSearchDestination(changeOpenSearch(old.configuration, request, member), member, flavor, parts);
    },
  };
}
