import { stripVTControlCharacters } from 'node:util';
import { formatDuration } from '../../clock/index.ts';
import { type ConservationReport, describeSum } from '../../ledger/index.ts';
import type { Story } from '../story.ts';
import { escapeHtml } from './html.ts';
import { drawJourney } from './journey.ts';

/** One scenario as it went. */
export interface Told {
  /** Such as `scenarios/one-curl.ts`. */
  readonly file: string;
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was left out. */
  readonly notPossible?: string;
  readonly durationMs: number;
  readonly errors: readonly string[];
  readonly story: Story | undefined;
}

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --good: #1a7f4b; --bad: #c62f2f; --soft: #8881; --brook: #2b6cb0; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; margin-bottom: 0; } h2 { font-size: 1.1rem; margin: 0; display: inline; } h3 { font-size: .95rem; }
  .scenario { border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; padding: .75rem 1rem; }
  .passed > summary::before { content: '✓ '; color: var(--good); } .failed > summary::before { content: '✗ '; color: var(--bad); }
  .skipped > summary::before { content: '– '; }
  summary { cursor: pointer; } summary .took { float: right; opacity: .6; }
  ol { padding-left: 1.2rem; } li time, td time { opacity: .6; font-variant-numeric: tabular-nums; }
  table { border-collapse: collapse; margin: .5rem 0; } td, th { text-align: left; padding: .15rem .9rem .15rem 0; vertical-align: top; }
  pre { background: var(--soft); padding: .75rem; border-radius: 6px; overflow-x: auto; font-size: .85rem; }
  svg { max-width: 100%; height: auto; } svg text { fill: currentColor; font: 12px system-ui, sans-serif; }
  .scroll { overflow-x: auto; }
`;

/** The whole report as one page: no script, no other file, no address outside it. */
export function renderPage(told: readonly Told[], engines: string): string {
  const failed = told.filter((scenario) => scenario.state === 'failed').length;
  const total = told.reduce((sum, scenario) => sum + scenario.durationMs, 0);
  const verdict = failed === 0 ? describeSuccess(told) : `${failed} of ${told.length} scenarios failed`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${verdict} – naetmul</title><style>${STYLE}</style></head>
<body>
<h1>${verdict}</h1>
<p>in ${formatDuration(total)}${engines === '' ? '' : ` on ${escapeHtml(engines)}`}</p>
${told.map(renderScenario).join('\n')}
</body>
</html>
`;
}

function describeSuccess(told: readonly Told[]): string {
  const passed = told.filter(({ state }) => state === 'passed').length;
  if (passed === told.length) return `All ${passed} scenarios passed`;
  return `${passed} of ${told.length} scenarios passed, the others were left out`;
}

function renderScenario(told: Told): string {
  const { story } = told;
  const parts = [
    told.notPossible === undefined ? '' : `<p>Not possible: ${escapeHtml(told.notPossible)}</p>`,
    told.errors.map((error) => `<pre>${escapeHtml(stripVTControlCharacters(error))}</pre>`).join(''),
    story ? renderSteps(story) : '',
    story && story.figures.length > 0 ? renderFigures(story) : '',
    ...(story?.journeys ?? []).map(
      ({ title, journey }) => `<h3>${escapeHtml(title)}</h3><div class="scroll">${drawJourney(journey)}</div>`,
    ),
    story?.conservation ? renderConservation(story.conservation) : '',
    story?.excerpt ? `<h3>The ledger’s newest entries</h3><pre>${escapeHtml(story.excerpt.join('\n'))}</pre>` : '',
  ];
  return `<details class="scenario ${told.state}"${told.state === 'failed' ? ' open' : ''}>
<summary><h2>${escapeHtml(told.name)}</h2> <span class="took">${formatDuration(told.durationMs)}</span></summary>
${parts.filter((part) => part !== '').join('\n')}
</details>`;
}

function renderSteps(story: Story): string {
  const items = story.steps.map(
    (step) => `<li>${escapeHtml(step.text)} <time>${step.at} · +${formatDuration(step.after)}</time></li>`,
  );
  return `<ol>${items.join('')}</ol>`;
}

function renderFigures(story: Story): string {
  const rows = story.figures.map(
    ({ name, value }) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>`,
  );
  return `<table>${rows.join('')}</table>`;
}

function renderConservation(report: ConservationReport): string {
  const losses = report.losses.map((loss) => `<li>${loss.count} lost: ${escapeHtml(loss.reason)}</li>`).join('');
  return `<h3>The books</h3><p>${describeSum(report)}; ${report.duplicates} duplicates, ${report.unexpected} unexpected.</p>${
    losses === '' ? '' : `<ul>${losses}</ul>`
  }`;
}
