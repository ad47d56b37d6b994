import { freePorts, isFree, portTaken } from '../engines/ports.ts';
import type { ProcessPlan } from './plan.ts';

/** Where each service listens on loopback, for as long as it is there. */
export interface Ports {
  /** The one outside. */
  readonly face: number;
  /** By service. */
  readonly processes: ReadonlyMap<string, number>;
}

/**
 * @param asked the port outside; 0 takes a free one, undefined the one that the compose file publishes
 * @param nginx false when the process behind it answers outside itself
 * Errors: `PORT_TAKEN`.
 */
export async function choosePorts(plan: ProcessPlan, asked: number | undefined, nginx: boolean): Promise<Ports> {
  const { name, face, processes } = plan;
  const wanted = asked ?? face.port.published;
  if (wanted !== 0 && !(await isFree(wanted))) {
    const remedy = `Stop what uses it, or choose another port with --service-port ${name}=0 (0 takes a free one).`;
    throw await portTaken(wanted, `the service ${name}`, remedy);
  }
  const [free = 0, ...own] = await freePorts(processes.length + 1);
  const outside = wanted === 0 ? free : wanted;
  const ports = processes.map((service, index) => {
    const isOutside = !nginx && service.name === face.process;
    return [service.name, isOutside ? outside : (own[index] ?? 0)] as const;
  });
  return { face: outside, processes: new Map(ports) };
}
