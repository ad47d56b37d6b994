import { formatInstant } from '../clock/index.ts';
import type { Entry } from '../ledger/index.ts';

/** How many ids of an entry are written out. */
const SHOWN_IDS = 2;

/** One entry of the ledger on one line. */
export function describeEntry(entry: Entry): string {
  const names = (entry.ids ?? []).map((id) => (typeof id === 'string' ? id : `${id.series}[${id.from}..${id.to - 1}]`));
  const more = names.length > SHOWN_IDS ? ` and ${names.length - SHOWN_IDS} more` : '';
  const into = entry.into === undefined ? '' : ` → ${entry.into.join(', ')}`;
  const reason = entry.detail?.reason === undefined ? '' : ` (${entry.detail.reason})`;
  return `${formatInstant(entry.t)} ${entry.what} at ${entry.where}: ${names.slice(0, SHOWN_IDS).join(', ')}${more}${into}${reason}`;
}
