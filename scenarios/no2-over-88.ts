import { readFileSync } from 'node:fs';
import { createRandom, expect, scenario } from '../harness/kit/index.ts';

const WORKSHOP = JSON.parse(readFileSync(new URL('../fixtures/gas-detector/workshop.json', import.meta.url), 'utf8'));
const WARNING = '{"warning":"no2 warning"}';
const SUCCESS = '{"msg":"success"}';

const withNo2 = (value: unknown) => ({ ...WORKSHOP, no2: { ...WORKSHOP.no2, value } });
const { no2: _none, ...WITHOUT_NO2 } = WORKSHOP;

interface Case {
  readonly name: string;
  readonly reading: unknown;
  readonly good: boolean;
  readonly warns: boolean;
}

const CASES: readonly Case[] = [
  { name: '"87.99"', reading: withNo2('87.99'), good: true, warns: false },
  { name: '88', reading: withNo2(88), good: true, warns: true },
  { name: '"88.0"', reading: withNo2('88.0'), good: true, warns: true },
  { name: '"88"', reading: withNo2('88'), good: true, warns: true },
  { name: '"88.01"', reading: withNo2('88.01'), good: true, warns: true },
  { name: '"1e3"', reading: withNo2('1e3'), good: true, warns: true },
  { name: '"NaN"', reading: withNo2('NaN'), good: false, warns: false },
  { name: '""', reading: withNo2(''), good: false, warns: false },
  { name: 'null', reading: withNo2(null), good: false, warns: false },
  { name: '"다섯"', reading: withNo2('다섯'), good: false, warns: false },
  { name: 'no no2 at all', reading: WITHOUT_NO2, good: false, warns: false },
  { name: 'no JSON', reading: '{"groupid":', good: false, warns: false },
];

scenario(
  'from 88 on, and only then, every subscriber is warned; what is good is stored, what is not is named',
  async ({ clock, eventually, gasDetector, tell }) => {
    await clock.set('2021-09-03T18:14:49+09:00');
    const certificate = await gasDetector.certificate();

    await tell.step('Two subscribers over TLS, and one that went offline and left its session behind');
    const first = await gasDetector.connect({ clientId: 'pi-1', certificate });
    const second = await gasDetector.connect({ clientId: 'pi-2', certificate });
    const absent = await gasDetector.connect({ clientId: 'pi-3', certificate, clean: false });
    for (const device of [first, second, absent]) await device.subscribe(gasDetector.topic);
    await absent.close();

    const expected: string[] = [];
    for (const [n, { name, reading, good, warns }] of CASES.entries()) {
      await tell.step(`NO₂ is ${name}`);
      const answer = await gasDetector.post(
        typeof reading === 'string' ? reading : { ...(reading as object), groupid: `${n}` },
      );
      expect(answer.status, name).toBe(good ? 200 : 400);
      if (good) expect(answer.text, name).toBe(SUCCESS);
      else expect(answer.json.msg, name).toMatch(/^failure: bad reading: /);
      if (warns) expected.push(WARNING);
      expected.push(good ? SUCCESS : answer.text);
      tell.figure(name, answer.text);
    }

    await tell.step('Both subscribers have every message once, in order');
    for (const device of [first, second]) await eventually(() => expect(device.received).toEqual(expected));

    await tell.step('The third comes back and gets what it missed');
    const back = await gasDetector.connect({ clientId: 'pi-3', certificate, clean: false });
    expect(back.sessionPresent).toBe(true);
    await eventually(() => expect([...back.received].toSorted()).toEqual(expected.toSorted()));

    await tell.step('The good readings are in OpenSearch, as they were sent, with the time they came');
    const documents = await gasDetector.documents();
    const good = CASES.map((one, n) => ({ ...one, n })).filter((one) => one.good);
    expect(documents.map(({ groupid }) => groupid).toSorted()).toEqual(good.map(({ n }) => `${n}`).toSorted());
    for (const document of documents) {
      const { date, ...sent } = document;
      expect(date).toBe('2021-09-03T09:14:49.000Z');
      expect(sent).toEqual({ ...(CASES[Number(sent.groupid)]?.reading as object), groupid: sent.groupid });
    }
  },
);

scenario(
  'of 1,000 readings those with 88 or more are warned of, and no other',
  async ({ clock, eventually, gasDetector, tell }) => {
    await clock.set('2021-09-03T18:14:49+09:00');
    const certificate = await gasDetector.certificate();
    const device = await gasDetector.connect({ clientId: 'pi-1', certificate });
    await device.subscribe(gasDetector.topic);
    const random = createRandom('a thousand readings');
    // Half of them within a hundredth of the threshold.
    const values = Array.from({ length: 1000 }, (_, n) =>
      n % 2 === 0 ? (88 + (random.integer(3) - 1) / 100).toFixed(2) : (random.integer(20_000) / 100).toFixed(2),
    );

    await tell.step('1,000 readings on 64 connections');
    const answers = await Promise.all(
      values.map((value, n) => gasDetector.post({ ...withNo2(value), groupid: `${n}` })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(values.length);

    await tell.step('The warnings are those that the rule asks for');
    const wanted = values.filter((value) => Number(value) >= 88).length;
    tell.figure('readings of 88 or more', wanted);
    await eventually(() => expect(device.received).toHaveLength(values.length + wanted));
    expect(device.received.filter((text) => text === WARNING)).toHaveLength(wanted);
    expect(device.received.filter((text) => text === SUCCESS)).toHaveLength(values.length);
    expect(await gasDetector.documents()).toHaveLength(values.length);
  },
);
