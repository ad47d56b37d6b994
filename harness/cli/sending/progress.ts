import type { BookEntry, Outcome, PostRecord } from '../../../fixtures/senders/index.ts';
import { tellOften } from '../status-line.ts';

export interface SendProgress {
  posted(entry: BookEntry, post: PostRecord): void;
  end(): void;
}

/** Tells how far a sender is. */
export function createSendProgress(events: number, write: (line: string) => void): SendProgress {
  const waiting = new Set<string>();
  const seen: Partial<Record<Outcome, number>> = {};
  let taken = 0;
  const line = () =>
    [
      `${taken} of ${events} taken`,
      ...(waiting.size > 0 ? [`${waiting.size} to be sent again`] : []),
      ...Object.entries(seen).map(([outcome, times]) => `${outcome} × ${times}`),
    ].join(', ');
  const { end } = tellOften(line, write);

  return {
    posted({ id, fate }, { outcome, isDuplicate }) {
      if (outcome !== 'ok') seen[outcome] = (seen[outcome] ?? 0) + 1;
      if (isDuplicate) return;
      if (fate === 'taken') taken++;
      if (fate === 'open') waiting.add(id);
      else waiting.delete(id);
    },
    end,
  };
}
