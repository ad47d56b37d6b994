import { INDEX_TEMPLATE } from '../../handler/index-template.ts';
import type { StoredReading } from './readings.ts';

/** Puts the function's index template, as its first run does. */
export async function putTemplate(url: string, index: string): Promise<void> {
  await send(url, 'PUT', `/_index_template/gasdetect`, JSON.stringify({ index_patterns: [index], ...INDEX_TEMPLATE }));
}

/** Stores readings; they can be found when it resolves. */
export async function store(url: string, index: string, readings: readonly object[]): Promise<void> {
  const body = readings.map((reading) => `{"index":{}}\n${JSON.stringify(reading)}\n`).join('');
  const answer = await send(url, 'POST', `/${index}/_bulk?refresh=true`, body);
  if (answer.errors !== false) throw new Error(`Not all was stored: ${JSON.stringify(answer).slice(0, 500)}`);
}

async function send(url: string, method: string, path: string, body: string): Promise<{ readonly errors?: boolean }> {
  const headers = { 'content-type': path.includes('_bulk') ? 'application/x-ndjson' : 'application/json' };
  const answer = await fetch(url + path, { method, headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

/** The numbers of one sensor, for what OpenSearch is expected to say of them. */
export function numbersOf(readings: readonly StoredReading[], groupid: string, sensor: 'co' | 'no2' | 'c2h5oh' | 'h2') {
  const values = readings
    .filter((reading) => reading.groupid === groupid)
    .map((reading) => Number(reading[sensor].value));
  const avg = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { count: values.length, avg, min: Math.min(...values), max: Math.max(...values) };
}
