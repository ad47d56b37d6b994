import type { CompatibleVersionsMap } from '@aws-sdk/client-opensearch';

/**
 * What AWS offered when it was recorded in 2025, oldest first. Source: answers of AWS to ListVersions and
 * GetCompatibleVersions in LocalStack's tests (tests/aws/services/opensearch).
 */
const LINES: readonly (readonly [line: string, versions: readonly string[]])[] = [
  ['Elasticsearch_5', ['1', '3', '5', '6']],
  ['Elasticsearch_6', ['0', '2', '3', '4', '5', '7', '8']],
  ['Elasticsearch_7', ['1', '4', '7', '8', '9', '10']],
  ['OpenSearch_1', ['0', '1', '2', '3']],
  ['OpenSearch_2', ['3', '5', '7', '9', '11', '13', '15', '17', '19']],
  ['OpenSearch_3', ['1']],
];

const ALL = LINES.flatMap(([line, versions]) => versions.map((version) => `${line}.${version}`));

/** Newest first. */
export const ENGINE_VERSIONS: readonly string[] = ALL.toReversed();

/** The newest version that the real server can be taken for. */
export const DEFAULT_ENGINE_VERSION = 'OpenSearch_2.19';

/** What a domain of each version may be upgraded to. The newest version is not among them. */
export const COMPATIBLE_VERSIONS: readonly CompatibleVersionsMap[] = ALL.slice(0, -1).map((version) => ({
  SourceVersion: version,
  TargetVersions: [...targetsOf(version)],
}));

function targetsOf(version: string): readonly string[] {
  const at = LINES.findIndex(([line]) => version.startsWith(`${line}.`));
  const line = versionsOf(at);
  const later = line.slice(line.indexOf(version) + 1);
  const isLast = later.length === 0;
  switch (LINES[at]?.[0]) {
    case 'Elasticsearch_5':
      return isLast ? versionsOf(at + 1).slice(2) : line.slice(-1);
    case 'Elasticsearch_6':
      if (isLast) return [...versionsOf(at + 1), ...versionsOf(at + 2)];
      return later.filter((target) => target !== 'Elasticsearch_6.2');
    case 'Elasticsearch_7':
      return [...later, ...versionsOf(at + 1)];
    default:
      return isLast ? versionsOf(at + 1) : later;
  }
}

function versionsOf(at: number): readonly string[] {
  const [line, versions = []] = LINES[at] ?? [];
  return versions.map((version) => `${line}.${version}`);
}
