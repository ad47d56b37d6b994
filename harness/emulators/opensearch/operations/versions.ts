import * as es from '@aws-sdk/client-elasticsearch-service';
import * as os from '@aws-sdk/client-opensearch';
import type { Call, Operation } from '../../../edge/emulator.ts';
import type { Domains } from '../domains.ts';
import { asElasticsearchVersion } from '../elasticsearch.ts';
import { COMPATIBLE_VERSIONS, ENGINE_VERSIONS } from '../versions.ts';

/** ListVersions and GetCompatibleVersions, and what they were called in 2015. All fit into one answer. */
export function versions(domains: Domains): Operation[] {
  const compatible = ({ DomainName }: os.GetCompatibleVersionsRequest, call: Call) => {
    if (DomainName === undefined) return [...COMPATIBLE_VERSIONS];
    const { EngineVersion } = domains.get(DomainName, call).options;
    const found = COMPATIBLE_VERSIONS.filter(({ SourceVersion }) => SourceVersion === EngineVersion);
    return found.length > 0 ? found : [{ SourceVersion: EngineVersion, TargetVersions: [] }];
  };
  const listVersions: Operation<os.ListVersionsRequest, os.ListVersionsResponse> = {
    schema: os.ListVersions$,
    run: () => ({ Versions: [...ENGINE_VERSIONS] }),
  };
  const listElasticsearchVersions: Operation<
    es.ListElasticsearchVersionsRequest,
    es.ListElasticsearchVersionsResponse
  > = {
    schema: es.ListElasticsearchVersions$,
    run: () => ({ ElasticsearchVersions: ENGINE_VERSIONS.map(asElasticsearchVersion) }),
  };
  const getCompatibleVersions: Operation<os.GetCompatibleVersionsRequest, os.GetCompatibleVersionsResponse> = {
    schema: os.GetCompatibleVersions$,
    run: (input, call) => ({ CompatibleVersions: compatible(input, call) }),
  };
  const getCompatibleElasticsearchVersions: Operation<
    es.GetCompatibleElasticsearchVersionsRequest,
    es.GetCompatibleElasticsearchVersionsResponse
  > = {
    schema: es.GetCompatibleElasticsearchVersions$,
    run: (input, call) => ({
      CompatibleElasticsearchVersions: compatible(input, call).map(({ SourceVersion = '', TargetVersions = [] }) => ({
        SourceVersion: asElasticsearchVersion(SourceVersion),
        TargetVersions: TargetVersions.map(asElasticsearchVersion),
      })),
    }),
  };
  return [listVersions, listElasticsearchVersions, getCompatibleVersions, getCompatibleElasticsearchVersions];
}
