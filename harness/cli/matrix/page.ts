import { stripVTControlCharacters } from 'node:util';
import { escapeHtml } from '../../kit/report/html.ts';
import { failures, type Matrix } from './table.ts';

const STYLE = `
  :root { color-scheme: light dark; --line: #8884; --good: #1a7f4b; --bad: #c62f2f; }
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 80rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.5rem; } table { border-collapse: collapse; } .scroll { overflow-x: auto; }
  th, td { text-align: left; padding: .25rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
  td { text-align: center; } .passed { color: var(--good); } .failed { color: var(--bad); } .none { opacity: .5; }
  small { opacity: .7; font-weight: normal; }
`;

const MARKS = { passed: '✓', failed: '✗', 'not possible': '–' } as const;
const CLASSES = { passed: 'passed', failed: 'failed', 'not possible': 'none' } as const;

/** The table as one page: no script, no other file, no address outside it. What a cell says is in its tooltip. */
export function renderMatrix(matrix: Matrix): string {
  const { columns, rows } = matrix;
  const list = columns.map(
    ({ title, engines, notPossible }) =>
      `<li>${text(title)}: ${notPossible === null ? text(engines ?? '') : `not possible: ${text(notPossible)}`}</li>`,
  );
  const head = columns.map(({ title }, index) => `<th title="${text(title)}">${index + 1}</th>`).join('');
  const body = rows.map(({ file, name, cells }) => {
    const marks = columns.map(({ id }) => {
      const { state, reason } = cells[id] ?? { state: 'not possible' };
      const tip = reason === undefined ? '' : ` title="${text(reason)}"`;
      return `<td class="${CLASSES[state]}"${tip}>${MARKS[state]}</td>`;
    });
    return `<tr><th>${text(name)}<br><small>${text(file)}</small></th>${marks.join('')}</tr>`;
  });
  const failed = failures(matrix).map(
    ({ name, reason, numbers }) =>
      `<li><b>${text(name)}</b>, on ${numbers.join(', ')}: <code>${text(reason)}</code></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Scenarios on every bench – naetmul</title><style>${STYLE}</style></head>
<body>
<h1>Scenarios on every bench</h1>
<ol>${list.join('')}</ol>
<div class="scroll"><table><thead><tr><th></th>${head}</tr></thead><tbody>
${body.join('\n')}
</tbody></table></div>
${failed.length === 0 ? '' : `<h2>Failures</h2><ul>${failed.join('')}</ul>`}
</body>
</html>
`;
}

function text(value: string): string {
  return escapeHtml(stripVTControlCharacters(value));
}
