import type { AskError } from '../../../page-kit/page/client.ts';
import type { Status } from '../../../page-kit/page/frame.ts';
import type { Indices } from '../shared/api.ts';
import type { Formats } from './format.ts';
import type { Texts } from './texts.ts';

/** The one sentence at the top: whether events can be looked at by time. */
export function statusOf(
  answer: Indices | undefined,
  problem: AskError | undefined,
  texts: Texts,
  formats: Formats,
): Status {
  if (problem !== undefined) {
    const failures: Readonly<Partial<Record<string, string>>> = texts.failures;
    const asOf = answer === undefined ? '' : texts.asOf(formats.dateTime(answer.now));
    return { kind: 'trouble', text: `${failures[problem.code] ?? texts.failures.other}${asOf}` };
  }
  if (answer === undefined) return { kind: 'loading', text: texts.loading };
  const { verdicts } = texts;
  const { verdict, indices, next } = answer;
  const types = [...new Set(indices.flatMap(({ type }) => type ?? []))].sort().join(', ');
  switch (verdict) {
    case 'date':
      return { kind: 'calm', text: verdicts.date(formats.count(indices.length)) };
    case 'wrong':
      return { kind: 'alarm', text: verdicts.wrong(types) };
    case 'conflict':
      return { kind: 'alarm', text: verdicts.conflict(types) };
    case 'untimed':
      return { kind: 'none', text: verdicts.untimed };
    case 'empty':
      return next.type === 'date'
        ? { kind: 'none', text: verdicts.emptyReady }
        : { kind: 'alarm', text: verdicts.emptyUnready };
  }
}
