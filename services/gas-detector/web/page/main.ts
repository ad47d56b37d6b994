import 'uplot/dist/uPlot.min.css';
import type { Latest, SeriesAnswer, Warnings } from '../shared/api.ts';
import { SENSORS } from '../shared/sensors.ts';
import { Chart } from './chart.ts';
import { AskError, ask } from './client.ts';
import { byId, replace } from './dom.ts';
import { createFormats } from './format.ts';
import { type LiveState, listen } from './live.ts';
import { mapPanel } from './map.ts';
import { MessageList } from './message-list.ts';
import { ServerClock } from './server-clock.ts';
import { loadSettings, saveSettings, type Theme } from './settings.ts';
import { statusOf } from './status.ts';
import { summaryTable } from './summary.ts';
import { TEXTS, type Texts } from './texts.ts';
import { tiles } from './tiles.ts';
import { type ChosenRange, Toolbar } from './toolbar.ts';
import { warningList } from './warning-list.ts';

/** How often the server is asked, in ms. */
const ASK_EVERY = 5_000;
/** A reading is found about a second after its message is heard: OpenSearch refreshes its index once a second. */
const ASK_AFTER_MESSAGE = 1_200;
/** A clock that is this far away is worth telling, in ms. */
const WORTH_TELLING = 30_000;

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const THEME_SIGNS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };

const settings = loadSettings();
const clock = new ServerClock();
const dark = matchMedia('(prefers-color-scheme: dark)');
let range: ChosenRange = { last: settings.last };
let selected: string | undefined;
let latest: Latest | undefined;
let series: SeriesAnswer | undefined;
let warnings: Warnings | undefined;
let problem: AskError | undefined;
let liveState: LiveState = 'connecting';
let formats = createFormats(settings.language);
let asking: AbortController | undefined;
let next: ReturnType<typeof setTimeout> | undefined;

const chooseRange = (chosen: ChosenRange): void => {
  range = chosen;
  if ('last' in chosen) {
    settings.last = chosen.last;
    saveSettings(settings);
  }
  // Other times, other readings: the old ones would be under the wrong axis.
  render();
  void refresh();
};
const chooseDetector = (groupid: string | undefined): void => {
  selected = groupid;
  render();
  void refresh();
};
const serverNow = (): number => clock.now(Date.now()) ?? Date.now();

const toolbar = new Toolbar({ onRange: chooseRange, onDetector: chooseDetector, now: serverNow });
const charts = SENSORS.map((sensor) => new Chart(sensor, (from, to) => chooseRange({ from, to })));
const messages = new MessageList(byId('live'));
byId('charts').append(...charts.map((chart) => chart.element));

/** Asks all there is to ask; a newer round puts an end to an older one. */
async function refresh(): Promise<void> {
  clearTimeout(next);
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const times: Record<string, string> =
    'last' in range ? { last: String(range.last) } : { from: String(range.from), to: String(range.to) };
  const query = selected === undefined ? times : { ...times, detector: selected };
  try {
    [latest, series, warnings] = await Promise.all([
      ask<Latest>('/api/latest', {}, signal),
      ask<SeriesAnswer>('/api/series', query, signal),
      ask<Warnings>('/api/warnings', query, signal),
    ]);
    problem = undefined;
    clock.hear(latest.now, Date.now());
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
  const now = serverNow();
  const detectors = latest?.detectors.map(({ groupid }) => groupid) ?? [];
  const theme = settings.theme === 'system' ? (dark.matches ? 'dark' : 'light') : settings.theme;
  const status = statusOf(latest, problem, now, texts, formats);
  const line = byId('status');
  line.dataset.kind = status.kind;
  replace(line, status.text);
  document.title = `${status.kind === 'alarm' ? '▲ ' : ''}${texts.title}`;
  document.body.classList.toggle('stale', problem !== undefined);
  toolbar.update({ range, detectors, selected, texts });
  replace(byId('tiles'), ...tiles({ detectors: latest?.detectors, now, selected, texts, formats }));
  for (const chart of charts) chart.update(series, { texts, formats, theme, detectors });
  byId('tiles-more').textContent = moreThan(latest, texts);
  byId('charts-more').textContent = moreThan(series, texts);
  replace(byId('summary'), ...summaryTable(series, texts, formats));
  const map = { detectors: latest?.detectors, now, selected, texts, formats, onSelect: chooseDetector };
  replace(byId('map'), ...mapPanel(map));
  replace(byId('warnings'), ...warningList(warnings, texts, formats));
  messages.update(liveState, texts, formats);
  tick();
}

/** What is said when there are more detectors than an answer has. */
function moreThan(answer: Latest | SeriesAnswer | undefined, texts: Texts): string {
  return answer?.hasMore ? texts.moreDetectors(answer.detectors.length) : '';
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
listen({
  onState(state) {
    liveState = state;
    render();
  },
  onMessage(payload) {
    messages.add(payload, serverNow());
    askIn(ASK_AFTER_MESSAGE);
    render();
  },
});
