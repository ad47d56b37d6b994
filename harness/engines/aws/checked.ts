import type { Engine } from '../engine.ts';

/** An engine that is asked at each start whether it answers the calls that pipelines need; it says what does not. */
export function withCapabilityCheck(engine: Engine, services: readonly CheckedService[]): Engine {
  return {
    ...engine,
    async start(context) {
      const running = await engine.start(context);
      try {
        const { findLacks } = await import('./capabilities.ts');
        context.progress('asking it for what the pipelines need');
        const lacks = await findLacks(running.endpoint, services, context.signal);
        for (const { call, purpose, reason } of lacks) context.progress(`lacks ${call} (${purpose}): ${reason}`);
        return { ...running, lacks: lacks.map(({ call, reason }) => `${call}: ${reason}`) };
      } catch (error) {
        await running.stop();
        throw error;
      }
    },
  };
}

/** The services that an engine may play for pipelines; all others are naetmul's own. */
export type CheckedService = 's3' | 'iam' | 'sts' | 'kinesis';
