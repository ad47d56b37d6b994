import type { BookEntry, Outcome, PostRecord } from '../../../fixtures/senders/index.ts';
import { machine } from '../../clock/index.ts';

/** How often it is told how far things are. */
const INTERVAL_MS = 2_000;

export interface SendProgress {
  posted(entry: BookEntry, post: PostRecord): void;
  end(): void;
}

/** Tells as plain lines how far a sender is, the same on a terminal and in a CI log. */
export function createSendProgress(events: number, write: (line: string) => void): SendProgress {
  const waiting = new Set<string>();
  const seen: Partial<Record<Outcome, number>> = {};
  let taken = 0;
  let told = '';
  let timer = arm();

  function arm() {
    return machine.setTimer(INTERVAL_MS, () => {
      const line = [
        `${taken} of ${events} taken`,
        ...(waiting.size > 0 ? [`${waiting.size} to be sent again`] : []),
        ...Object.entries(seen).map(([outcome, times]) => `${outcome} × ${times}`),
      ].join(', ');
      if (line !== told) write(line);
      told = line;
      timer = arm();
    });
  }

  return {
    posted({ id, fate }, { outcome, isDuplicate }) {
      if (outcome !== 'ok') seen[outcome] = (seen[outcome] ?? 0) + 1;
      if (isDuplicate) return;
      if (fate === 'taken') taken++;
      if (fate === 'open') waiting.add(id);
      else waiting.delete(id);
    },
    end: () => timer.cancel(),
  };
}
