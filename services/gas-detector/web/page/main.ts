import 'uplot/dist/uPlot.min.css';
import { ask } from '../../../page-kit/page/client.ts';
import { byId, replace } from '../../../page-kit/page/dom.ts';
import { Frame } from '../../../page-kit/page/frame.ts';
import { type ChosenRange, queryOf, RangeChooser } from '../../../page-kit/page/range-chooser.ts';
import { Rounds } from '../../../page-kit/page/rounds.ts';
import type { Latest, SeriesAnswer, Warnings } from '../shared/api.ts';
import { SENSORS } from '../shared/sensors.ts';
import { Chart } from './chart.ts';
import { detectorChips } from './detector-chips.ts';
import { createFormats } from './format.ts';
import { type LiveState, listen } from './live.ts';
import { mapPanel } from './map.ts';
import { MessageList } from './message-list.ts';
import { statusOf } from './status.ts';
import { summaryTable } from './summary.ts';
import { TEXTS, type Texts } from './texts.ts';
import { tiles } from './tiles.ts';
import { warningList } from './warning-list.ts';

/** A reading is found about a second after its message is heard: OpenSearch refreshes its index once a second. */
const ASK_AFTER_MESSAGE = 1_200;

let selected: string | undefined;
let latest: Latest | undefined;
let series: SeriesAnswer | undefined;
let warnings: Warnings | undefined;
let liveState: LiveState = 'connecting';

const frame = new Frame({ texts: TEXTS, createFormats, defaultLast: 3600, onChange: render });
const rounds = new Rounds(askAll, render);
let range: ChosenRange = { last: frame.last };

const chooseRange = (chosen: ChosenRange): void => {
  range = chosen;
  if ('last' in chosen) frame.last = chosen.last;
  // Other times, other readings: the old ones would be under the wrong axis.
  render();
  rounds.start();
};
const chooseDetector = (groupid: string | undefined): void => {
  selected = groupid;
  render();
  rounds.start();
};

const ranges = new RangeChooser({ onRange: chooseRange, takesLastSecond: false, now: () => frame.now() });
const charts = SENSORS.map((sensor) => new Chart(sensor, (from, to) => chooseRange({ from, to })));
const messages = new MessageList(byId('live'));
byId('charts').append(...charts.map((chart) => chart.element));

async function askAll(signal: AbortSignal): Promise<void> {
  const query = selected === undefined ? queryOf(range) : { ...queryOf(range), detector: selected };
  [latest, series, warnings] = await Promise.all([
    ask<Latest>('/api/latest', {}, signal),
    ask<SeriesAnswer>('/api/series', query, signal),
    ask<Warnings>('/api/warnings', query, signal),
  ]);
  frame.hear(latest.now);
}

function render(): void {
  const { texts, formats, theme } = frame;
  const now = frame.now();
  const detectors = latest?.detectors.map(({ groupid }) => groupid) ?? [];
  frame.showStatus(statusOf(latest, rounds.problem, now, texts, formats), rounds.problem !== undefined);
  ranges.update(range, texts);
  replace(byId('detectors'), ...detectorChips({ detectors, selected, texts, onDetector: chooseDetector }));
  replace(byId('tiles'), ...tiles({ detectors: latest?.detectors, now, selected, texts, formats }));
  for (const chart of charts) chart.update(series, { texts, formats, theme, detectors });
  byId('tiles-more').textContent = moreThan(latest, texts);
  byId('charts-more').textContent = moreThan(series, texts);
  replace(byId('summary'), ...summaryTable(series, texts, formats));
  const map = { detectors: latest?.detectors, now, selected, texts, formats, onSelect: chooseDetector };
  replace(byId('map'), ...mapPanel(map));
  replace(byId('warnings'), ...warningList(warnings, texts, formats));
  messages.update(liveState, texts, formats);
  frame.showTime();
}

/** What is said when there are more detectors than an answer has. */
function moreThan(answer: Latest | SeriesAnswer | undefined, texts: Texts): string {
  return answer?.hasMore ? texts.moreDetectors(answer.detectors.length) : '';
}

render();
rounds.start();
listen({
  onState(state) {
    liveState = state;
    render();
  },
  onMessage(payload) {
    messages.add(payload, frame.now());
    rounds.startIn(ASK_AFTER_MESSAGE);
    render();
  },
});
