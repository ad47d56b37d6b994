export { type ConservationReport, checkConservation, describeSum, type Held } from './conservation.ts';
export { type CopiesReport, checkCopies } from './copies.ts';
export {
  type Entry,
  type EntryNumber,
  type IdRange,
  ids,
  type Ledger,
  type LedgerId,
  type NewEntry,
  seriesId,
  type What,
} from './ledger.ts';
export { LedgerStore } from './store.ts';
export { type Journey, type Step, trace } from './trace.ts';
