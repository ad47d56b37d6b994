import type { Random } from '../../../clock/index.ts';
import { errors } from '../errors.ts';

/** What the owner of an address, or their mail server, does with a mail. */
export type Reaction =
  | 'delivered'
  | 'rejected'
  | 'hardbounce'
  | 'softbounce'
  | 'open'
  | 'click'
  | 'complaint'
  | 'unsubscribe';

/** How probable each is, from 0 to 1: of a mail, of one that was delivered (open, complaint), of one that was opened. */
export type Rates = Readonly<Partial<Record<Exclude<Reaction, 'delivered'>, number>>>;

export interface Step {
  readonly reaction: Reaction;
  /** Since the mail was sent. */
  readonly afterMs: number;
}

/** The tag of an app or a campaign that says what recipients do whose address does not. */
export const RATES_TAG = 'naetmul:recipients';

const RATED = ['rejected', 'hardbounce', 'softbounce', 'open', 'click', 'complaint', 'unsubscribe'] as const;

/**
 * `open=0.4 click=0.1 hardbounce=0.02`, as the tag has it.
 *
 * @throws BadRequestException for anything else
 */
export function readRates(text: string | undefined): Rates | undefined {
  if (text === undefined) return undefined;
  const rates: Partial<Record<(typeof RATED)[number], number>> = {};
  for (const part of text.split(/\s+/).filter(Boolean)) {
    const [, name, value] = /^([a-z]+)=(0|1|0?\.\d+|1\.0+|0\.0+)$/.exec(part) ?? [];
    const known = RATED.find((one) => one === name);
    if (known === undefined || value === undefined) {
      throw errors.bad(
        `The tag ${RATES_TAG} has "${part}". It takes rates from 0 to 1, such as "open=0.4 click=0.1", of ${RATED.join(', ')}.`,
      );
    }
    rates[known] = Number(value);
  }
  return rates;
}

/** The mailbox simulator of SES. Source: SES developer guide, "Using the mailbox simulator manually". */
const SIMULATOR: Readonly<Record<string, readonly Reaction[]>> = {
  success: ['delivered'],
  ooto: ['delivered'],
  bounce: ['hardbounce'],
  suppressionlist: ['hardbounce'],
  complaint: ['delivered', 'complaint'],
};
const SIMULATOR_DOMAIN = 'simulator.amazonses.com';

/** Words behind a `+` of an address, and all that they say. */
const WORDS: Readonly<Record<string, readonly Reaction[]>> = {
  delivered: ['delivered'],
  rejected: ['rejected'],
  bounce: ['hardbounce'],
  hardbounce: ['hardbounce'],
  softbounce: ['softbounce'],
  open: ['delivered', 'open'],
  click: ['delivered', 'open', 'click'],
  complaint: ['delivered', 'complaint'],
  unsubscribe: ['delivered', 'open', 'unsubscribe'],
};

/** Only one of these can be; the first one counts. */
const FIRST: readonly Reaction[] = ['rejected', 'hardbounce', 'softbounce', 'delivered'];
const LATER: readonly Reaction[] = ['open', 'click', 'complaint', 'unsubscribe'];

/** What becomes of a mail to `address`, in order. The same seed gives the same. */
export function plan(address: string, rates: Rates, random: Random): Step[] {
  const reactions = new Set(saidBy(address) ?? chosen(rates, random));
  const first = FIRST.find((reaction) => reactions.has(reaction)) ?? 'delivered';
  const steps: Step[] = [{ reaction: first, afterMs: delay(first, random) }];
  if (first !== 'delivered') return steps;
  let afterMs = steps[0]?.afterMs ?? 0;
  for (const reaction of LATER) {
    if (!reactions.has(reaction)) continue;
    afterMs += delay(reaction, random);
    steps.push({ reaction, afterMs });
  }
  return steps;
}

/** What an address says of its owner; undefined when it says nothing. */
function saidBy(address: string): readonly Reaction[] | undefined {
  const at = address.lastIndexOf('@');
  const [mailbox = '', ...words] = address.slice(0, at).toLowerCase().split('+');
  if (address.slice(at + 1).toLowerCase() === SIMULATOR_DOMAIN) return SIMULATOR[mailbox];
  const said = words.flatMap((word) => WORDS[word] ?? []);
  return said.length > 0 ? said : undefined;
}

function chosen(rates: Rates, random: Random): readonly Reaction[] {
  // Each is drawn whatever came before, so that changing one rate leaves the others' draws alone.
  const drawn = new Set(RATED.filter((reaction) => random.next() < (rates[reaction] ?? 0)));
  if (!drawn.has('open')) for (const reaction of ['click', 'unsubscribe'] as const) drawn.delete(reaction);
  return [...drawn];
}

/** In ms after the step before: from, to. Most people open a mail soon, and some much later. */
const DELAYS: Readonly<Record<Reaction, readonly [number, number]>> = {
  rejected: [200, 1000],
  delivered: [500, 4000],
  hardbounce: [700, 8000],
  softbounce: [2000, 30_000],
  open: [5000, 600_000],
  click: [1000, 60_000],
  complaint: [5000, 120_000],
  unsubscribe: [2000, 60_000],
};

function delay(reaction: Reaction, random: Random): number {
  const [from, to] = DELAYS[reaction];
  const share = random.next();
  return Math.round(from + (to - from) * (reaction === 'open' ? share ** 3 : share));
}
