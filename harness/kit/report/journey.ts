import { formatDuration, formatInstant } from '../../clock/index.ts';
import type { Journey, Step } from '../../ledger/index.ts';
import { escapeHtml } from './html.ts';

const LANE_WIDTH = 210;
const ROW_HEIGHT = 46;
const TIME_WIDTH = 110;
const HEAD_HEIGHT = 34;
/** How far below a step its two lines of text end. */
const CLEAR_OF_TEXT = 28;
/** Room for the text of the last lane. */
const MARGIN = 60;
/** A detail longer than this is cut; the whole of it is in the tooltip. */
const SHOWN_CHARACTERS = 30;

/** A journey as a picture: a lane for each place, a row for each step, a line from step to step. */
export function drawJourney(journey: Journey): string {
  const lanes = [...new Set(journey.steps.map((step) => step.where))];
  const width = TIME_WIDTH + lanes.length * LANE_WIDTH + MARGIN;
  const height = HEAD_HEIGHT + journey.steps.length * ROW_HEIGHT;
  const at = (step: Step, row: number) => ({
    x: TIME_WIDTH + lanes.indexOf(step.where) * LANE_WIDTH + 12,
    y: HEAD_HEIGHT + row * ROW_HEIGHT + 16,
  });
  const heads = lanes.map((lane, index) => {
    const x = TIME_WIDTH + index * LANE_WIDTH;
    return `<text x="${x}" y="14" font-weight="600">${escapeHtml(lane)}</text>
<line x1="${x + 12}" y1="22" x2="${x + 12}" y2="${height}" stroke="currentColor" stroke-opacity=".15"/>`;
  });
  const points = journey.steps.map((step, row) => at(step, row));
  // From lane to lane between two rows, where no text is.
  const path = points
    .map(({ x, y }, index) => (index === 0 ? `M${x} ${y}` : `V${y - ROW_HEIGHT + CLEAR_OF_TEXT} H${x} V${y}`))
    .join(' ');
  const steps = journey.steps.map((step, row) => drawStep(step, at(step, row), journey.steps[0]?.t ?? step.t));
  return `<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Journey of ${escapeHtml(journey.id)}">
${heads.join('\n')}
<path d="${path}" fill="none" stroke="var(--brook)" stroke-width="2"/>
${steps.join('\n')}
</svg>`;
}

function drawStep(step: Step, { x, y }: { x: number; y: number }, start: number): string {
  const facts = [
    step.events > 1 ? `with ${step.events - 1} others` : '',
    ...(step.into ?? []),
    ...Object.entries(step.detail ?? {}).map(
      ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ].filter((fact) => fact !== '');
  const [first = ''] = facts;
  const shown = first.length > SHOWN_CHARACTERS ? `…${first.slice(-SHOWN_CHARACTERS)}` : first;
  const time = step.t === start ? formatInstant(step.t).slice(11, 23) : `+${formatDuration(step.t - start)}`;
  return `<g><title>${escapeHtml([formatInstant(step.t), ...facts].join('\n'))}</title>
<text x="0" y="${y + 4}" opacity=".6">${time}</text>
<circle cx="${x}" cy="${y}" r="6" fill="var(--brook)"/>
<text x="${x + 14}" y="${y + 4}" font-weight="600">${escapeHtml(step.what)}</text>
<text x="${x + 14}" y="${y + 19}" opacity=".7">${escapeHtml(shown)}</text></g>`;
}
