import type { Random } from '../../clock/index.ts';

/** 32 hex digits: the ids of apps, segments, campaigns and their activities. */
export function hexId(random: Random): string {
  return random.uuid().replaceAll('-', '');
}
