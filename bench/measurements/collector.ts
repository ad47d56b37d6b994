import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { machine } from '../../harness/clock/index.ts';
import { CONNECTIONS } from '../ingest.ts';
import { mustSucceed } from '../load/run.ts';
import type { Measurement } from '../measurement.ts';

/** Ms between two looks at the table. */
const LOOK_MS = 20;

export const collector: Measurement = {
  name: 'collector',
  title: `Events a second from POST /api/collect on ${CONNECTIONS} connections to their rows in MySQL`,
  unit: '/s',
  async measure({ rounds, amount, parts, progress, signal }) {
    const bench = await parts.naetmul();
    const client = parts.loadClient();
    const { mysql } = await bench.control.status();
    const { Url: url, DatabaseName: database } = (await bench.control.outputs()).collector ?? {};
    if (mysql === null || !url || !database) throw new Error('The collector is not deployed.');
    const { host, port, user, password } = mysql;
    const count = amount(3000, 300);
    const ours: number[] = [];
    const answered: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      progress(round === 0 ? 'warming up' : `round ${round}: ${count} events`);
      const requests = Array.from({ length: count }, (_, n) => ({ request: collect(url, `r${round}-${n}`), times: 1 }));
      const began = machine.monotonic();
      await mustSucceed(client, { connections: CONNECTIONS, requests });
      const lastAnswer = machine.monotonic();
      const sql = await createConnection({ host, port, user, password, database });
      for (let rows = 0; rows < count; ) {
        signal.throwIfAborted();
        const [found] = await sql.query<RowDataPacket[]>(
          `SELECT COUNT(*) AS n FROM events WHERE event_id LIKE 'r${round}-%'`,
        );
        rows = Number(found[0]?.n);
        if (rows < count) await machine.sleep(LOOK_MS, signal);
      }
      const ended = machine.monotonic();
      await sql.end();
      if (round === 0) continue;
      ours.push((count * 1000) / (ended - began));
      answered.push((count * 1000) / (lastAnswer - began));
    }
    const fastest = Math.round(Math.max(...answered)).toLocaleString('en-US');
    return { ours, notes: [`${count} events a round`, `Until the last answer only: up to ${fastest} /s`] };
  },
};

function collect(url: string, eventId: string) {
  return {
    method: 'POST',
    url: `${url}/api/collect`,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ event_id: eventId, event: 'purchase', user_id: 'bench', parameters: null }),
  };
}
