import 'uplot/dist/uPlot.min.css';
import { AskError, ask } from '../../../page-kit/page/client.ts';
import { byId, replace } from '../../../page-kit/page/dom.ts';
import { Frame } from '../../../page-kit/page/frame.ts';
import { type ChosenRange, queryOf, RangeChooser } from '../../../page-kit/page/range-chooser.ts';
import { Rounds } from '../../../page-kit/page/rounds.ts';
import type { Counts, Event, Events, Indices, WholeEvent } from '../shared/api.ts';
import { Chart } from './chart.ts';
import { eventList, keyOf } from './event-list.ts';
import { extent } from './extent.ts';
import { createFormats } from './format.ts';
import { indexPanel, problemPanel } from './index-panel.ts';
import { countsTable, legend } from './legend.ts';
import { Palette } from './palette.ts';
import { statusOf } from './status.ts';
import { TEXTS } from './texts.ts';

/** How many events the list has at first, and how many more each time; the server gives 500 at most. */
const SIZE = 50;
const MOST = 500;

const palette = new Palette();
let selected: string | undefined;
let size = SIZE;
let indices: Indices | undefined;
let events: Events | undefined;
let counts: Counts | undefined;
let open: string | undefined;
let whole: WholeEvent | null | undefined;

const frame = new Frame({ texts: TEXTS, createFormats, defaultLast: 900, onChange: render });
const rounds = new Rounds(askAll, render);
let range: ChosenRange = { last: frame.last };

const colorOf = (type: string | undefined): string => palette.colorOf(type);

const chooseRange = (chosen: ChosenRange): void => {
  range = chosen;
  size = SIZE;
  if ('last' in chosen) frame.last = chosen.last;
  render();
  rounds.start();
};
const chooseType = (type: string | undefined): void => {
  selected = type;
  size = SIZE;
  render();
  rounds.start();
};
const showAll = (): void => {
  const { oldest, newest } = events ?? {};
  if (oldest !== undefined && newest !== undefined) chooseRange({ from: oldest, to: newest + 1 });
};
const showMore = (): void => {
  size = Math.min(MOST, size === SIZE ? 100 : size + 100);
  rounds.start();
};
const openEvent = async (event: Event): Promise<void> => {
  const key = keyOf(event);
  open = open === key ? undefined : key;
  whole = undefined;
  render();
  if (open === undefined) return;
  const found = await ask<WholeEvent>('/api/event', { index: event.index, id: event.id }).catch((error: unknown) => {
    if (!(error instanceof AskError)) throw error;
    return null;
  });
  if (open !== key) return;
  whole = found;
  render();
};

const ranges = new RangeChooser({ onRange: chooseRange, takesLastSecond: true, now: () => frame.now() });
const chart = new Chart((from, to) => chooseRange({ from, to }));

async function askAll(signal: AbortSignal): Promise<void> {
  const times = queryOf(range);
  const only = selected === undefined ? {} : { type: selected };
  [indices, events, counts] = await Promise.all([
    ask<Indices>('/api/indices', {}, signal),
    ask<Events>('/api/events', { ...times, ...only, size: String(size) }, signal),
    ask<Counts>('/api/counts', times, signal),
  ]);
  frame.hear(indices.now);
}

function render(): void {
  const { texts, formats, theme } = frame;
  frame.showStatus(statusOf(indices, rounds.problem, texts, formats), rounds.problem !== undefined);
  ranges.update(range, texts);
  palette.show(counts?.types.map(({ type }) => type) ?? []);
  replace(byId('legend'), ...legend({ counts, selected, texts, formats, colorOf, onSelect: chooseType }));
  chart.update(counts, { texts, formats, theme, colorOf });
  replace(byId('extent'), ...extent({ events, texts, formats, onShowAll: showAll }));
  replace(byId('table'), ...countsTable(counts, texts, formats));
  const list = { events, texts, formats, open, whole, most: MOST, colorOf, onMore: showMore };
  replace(byId('events'), ...eventList({ ...list, onOpen: (event) => void openEvent(event) }));
  replace(byId('indices'), ...indexPanel(indices, texts, formats));
  const trouble = problemPanel(indices, texts, formats);
  byId('problem').hidden = trouble.length === 0;
  replace(byId('problem'), ...trouble);
  frame.showTime();
}

render();
rounds.start();
