import type { Kind, ReplayReport } from './replay.ts';

/** Whether every document that was read is in its index now; of a dry run, whether each can be put. */
export function isComplete({ refused, unfit, unreadable }: ReplayReport): boolean {
  return [...refused, ...unfit, ...unreadable].length === 0;
}

/** For people. */
export function describeReport(report: ReplayReport): string {
  const { dryRun, objects, documents, indices, causes, stored, wasThere, refused, unfit, unreadable } = report;
  if (documents === 0 && unreadable.length === 0) return 'There are no failed documents.';
  const lines = [
    `${counted(documents, 'failed document')} in ${counted(objects, 'object')}`,
    ...Object.entries(indices).map(([index, count]) => `  ${count} for ${index}`),
    'They had failed with',
    ...causes.map(({ reason, count }) => `  ${count} × ${reason}`),
  ];
  if (dryRun) lines.push('Nothing was put: this was a dry run.');
  else lines.push(`${stored} stored now, ${wasThere} were there already`);
  lines.push(
    ...section('refused by OpenSearch', refused),
    ...section('not documents', unfit),
    ...section('lines that are no failed documents', unreadable),
  );
  return lines.join('\n');
}

function section(title: string, kinds: readonly Kind[]): string[] {
  if (kinds.length === 0) return [];
  const total = kinds.reduce((sum, { count }) => sum + count, 0);
  return [
    `${total} ${title}`,
    ...kinds.flatMap(({ reason, count, examples }) => [
      `  ${count} × ${reason}`,
      ...examples.map((example) => `      ${example}`),
    ]),
  ];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
