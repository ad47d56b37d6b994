import 'uplot/dist/uPlot.min.css';
import type { Counts, Event, Events, Indices, WholeEvent } from '../shared/api.ts';
import { Chart } from './chart.ts';
import { AskError, ask } from './client.ts';
import { byId, replace } from './dom.ts';
import { eventList, keyOf } from './event-list.ts';
import { extent } from './extent.ts';
import { createFormats } from './format.ts';
import { indexPanel, problemPanel } from './index-panel.ts';
import { countsTable, legend } from './legend.ts';
import { Palette } from './palette.ts';
import { ServerClock } from './server-clock.ts';
import { loadSettings, saveSettings, type Theme } from './settings.ts';
import { statusOf } from './status.ts';
import { TEXTS } from './texts.ts';
import { type ChosenRange, Toolbar } from './toolbar.ts';

/** How often the server is asked, in ms. */
const ASK_EVERY = 5_000;
/** A clock that is this far away is worth telling, in ms. */
const WORTH_TELLING = 30_000;
/** How many events the list has at first, and how many more each time; the server gives 500 at most. */
const SIZE = 50;
const MOST = 500;

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const THEME_SIGNS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };

const settings = loadSettings();
const clock = new ServerClock();
const palette = new Palette();
const dark = matchMedia('(prefers-color-scheme: dark)');
let range: ChosenRange = { last: settings.last };
let selected: string | undefined;
let size = SIZE;
let indices: Indices | undefined;
let events: Events | undefined;
let counts: Counts | undefined;
let open: string | undefined;
let whole: WholeEvent | null | undefined;
let problem: AskError | undefined;
let formats = createFormats(settings.language);
let asking: AbortController | undefined;
let next: ReturnType<typeof setTimeout> | undefined;

const colorOf = (type: string | undefined): string => palette.colorOf(type);
const serverNow = (): number => clock.now(Date.now()) ?? Date.now();

const chooseRange = (chosen: ChosenRange): void => {
  range = chosen;
  size = SIZE;
  if ('last' in chosen) {
    settings.last = chosen.last;
    saveSettings(settings);
  }
  render();
  void refresh();
};
const chooseType = (type: string | undefined): void => {
  selected = type;
  size = SIZE;
  render();
  void refresh();
};
const showAll = (): void => {
  const { oldest, newest } = events ?? {};
  if (oldest !== undefined && newest !== undefined) chooseRange({ from: oldest, to: newest + 1 });
};
const showMore = (): void => {
  size = Math.min(MOST, size === SIZE ? 100 : size + 100);
  void refresh();
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

const toolbar = new Toolbar({ onRange: chooseRange, now: serverNow });
const chart = new Chart((from, to) => chooseRange({ from, to }));

/** Asks all there is to ask; a newer round puts an end to an older one. */
async function refresh(): Promise<void> {
  clearTimeout(next);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const times: Record<string, string> =
    'last' in range ? { last: String(range.last) } : { from: String(range.from), to: String(range.to) };
  const only = selected === undefined ? {} : { type: selected };
  try {
    [indices, events, counts] = await Promise.all([
      ask<Indices>('/api/indices', {}, signal),
      ask<Events>('/api/events', { ...times, ...only, size: String(size) }, signal),
      ask<Counts>('/api/counts', times, signal),
    ]);
    problem = undefined;
    clock.hear(indices.now, Date.now());
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof AskError)) throw error;
    problem = error;
  } finally {
    if (!signal.aborted) askIn(ASK_EVERY);
  }
  render();
}

function askIn(ms: number): void {
  clearTimeout(next);
  if (!document.hidden) next = setTimeout(() => void refresh(), ms);
}

function render(): void {
  const texts = TEXTS[settings.language];
  const theme = settings.theme === 'system' ? (dark.matches ? 'dark' : 'light') : settings.theme;
  const status = statusOf(indices, problem, texts, formats);
  const line = byId('status');
  line.dataset.kind = status.kind;
  replace(line, status.text);
  document.title = `${status.kind === 'alarm' ? '▲ ' : ''}${texts.title}`;
  document.body.classList.toggle('stale', problem !== undefined);
  toolbar.update(range, texts);
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
  tick();
}

function tick(): void {
  const texts = TEXTS[settings.language];
  const now = clock.now(Date.now());
  if (now === undefined) return;
  const offset = clock.offset(Date.now());
  const moved = Math.abs(offset) < WORTH_TELLING ? '' : ` · ${texts.clockMoved(formats.duration(Math.abs(offset)))}`;
  replace(byId('clock'), `${texts.clock(formats.dateTime(now))}${moved}`);
}

/** What stands in index.html, in the chosen language. */
function translate(): void {
  const texts = TEXTS[settings.language];
  const text = (key: string | undefined) => String(texts[key as keyof typeof texts]);
  document.documentElement.lang = settings.language;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    element.textContent = text(element.dataset.text);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]')) {
    element.setAttribute('aria-label', text(element.dataset.label));
  }
  byId('language').textContent = texts.languageSwitch;
  byId('language').lang = settings.language === 'ko' ? 'en' : 'ko';
  const theme = byId('theme');
  theme.textContent = THEME_SIGNS[settings.theme];
  theme.title = texts.themeSwitch[settings.theme];
  theme.setAttribute('aria-label', theme.title);
}

byId('language').addEventListener('click', () => {
  settings.language = settings.language === 'ko' ? 'en' : 'ko';
  formats = createFormats(settings.language);
  saveSettings(settings);
  translate();
  render();
});
byId('theme').addEventListener('click', () => {
  settings.theme = THEMES[(THEMES.indexOf(settings.theme) + 1) % THEMES.length] ?? 'system';
  saveSettings(settings);
  if (settings.theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = settings.theme;
  translate();
  render();
});
dark.addEventListener('change', render);
document.addEventListener('visibilitychange', () => {
  if (document.hidden) clearTimeout(next);
  else void refresh();
});
setInterval(tick, 1_000);

translate();
render();
void refresh();
