import type { Emulator, EmulatorContext } from '../../edge/emulator.ts';
import { CampaignRunner } from './campaigns/runner.ts';
import { Mailer } from './email/mailer.ts';
import { Registry } from './registry.ts';
import { Timetable } from './timetable.ts';

/**
 * Amazon Pinpoint: apps, their event streams, and mails, whose recipients are played. What it does as AWS does, and
 * what not, is in docs/fidelity/pinpoint.md.
 */
export function createPinpoint(context: EmulatorContext): Emulator {
  const { clock, random, ledger, aws, log } = context;
  const registry = new Registry();
  const timetable = new Timetable(clock);
  const mailer = new Mailer({ random, ledger, timetable });
  const runner = new CampaignRunner({ clock, random, ledger, timetable, mailer });
  return {
    service: 'mobiletargeting',
    protocol: { kind: 'rest-json' },
    operations: [],
    async loadOperations() {
      // The SDK's schemas take some megabytes, and most benches have no app.
      const { makeOperations } = await import('./operations/index.ts');
      return makeOperations({ clock, random, ledger, aws, log, registry, mailer, runner });
    },
    async stop() {
      timetable.clear();
      registry.stop();
    },
    async reset() {
      timetable.clear();
      registry.clear();
    },
    held: () => registry.held(),
  };
}
