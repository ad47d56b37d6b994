import { machine } from '../../../clock/index.ts';
import type { EdgeRequest } from '../../../edge/http.ts';
import { MAX_PAYLOAD_BYTES } from '../limits.ts';

/** How long virtual time stands still for the rest of a body, in ms of the machine's. */
const PATIENCE_MS = 1_000;

/**
 * Waits for the request's body. A sender that takes long over it lets time go by meanwhile: one that never finishes would
 * otherwise hold the clock for everybody.
 */
export async function bodyArrived({ body, lock }: EdgeRequest, patienceMs = PATIENCE_MS): Promise<void> {
  if (!lock || body.inMemory) return;
  // What is wrong with it is said when it is read.
  const arrival = body.bytes(MAX_PAYLOAD_BYTES).then(ignore, ignore);
  let suspension: Promise<void> | undefined;
  const timer = machine.setTimer(patienceMs, () => {
    suspension = lock.suspend(() => arrival);
  });
  await arrival;
  timer.cancel();
  await suspension;
}

const ignore = (): void => undefined;
