import { readFileSync } from 'node:fs';
import { expect, putRecordIntegration, scenario } from '../harness/kit/index.ts';

const FORM = 'application/x-www-form-urlencoded';
const STREAM = 'forms';
const template = (name: string) =>
  readFileSync(new URL(`../fixtures/mapping-templates/${name}.vtl`, import.meta.url), 'utf8');

/** What Kinesis refuses (no partition key, more than 1 MiB) is the sender's mistake, and is to be told as one. */
const RESPONSES = [
  {
    statusCode: '200',
    responseTemplates: { 'application/json': `{"SequenceNumber":$input.json('$.SequenceNumber')}` },
  },
  {
    statusCode: '400',
    selectionPattern: '4\\d{2}',
    responseTemplates: { 'application/json': '{"message":"No form."}' },
  },
];

interface Case {
  readonly what: string;
  readonly form: string;
  readonly contentType?: string;
  /** What is in the form. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  /** What the classic template makes of it: `right`, `no JSON`, the fields that it gets instead, or the status. */
  readonly classic: 'right' | 'no JSON' | Readonly<Record<string, string>> | number;
}

const CASES: readonly Case[] = [
  {
    what: 'a call that ended, in Korean',
    form: 'call_id=20220127144825001&caller=01000000000&duration=105&memo=%EC%83%81%EB%8B%B4+%EC%99%84%EB%A3%8C',
    fields: { call_id: '20220127144825001', caller: '01000000000', duration: '105', memo: '상담 완료' },
    classic: 'right',
  },
  {
    what: 'a charset in the content type',
    form: 'name=%EA%B9%80',
    contentType: `${FORM}; charset=UTF-8`,
    fields: { name: '김' },
    classic: 'right',
  },
  {
    what: 'plus signs, as space and as themselves',
    form: 'sum=1+%2B+1',
    fields: { sum: '1 + 1' },
    classic: 'right',
  },
  { what: 'no & at all', form: 'only=one', fields: { only: 'one' }, classic: 'right' },
  { what: 'an empty value', form: 'result=&duration=0', fields: { result: '', duration: '0' }, classic: 'right' },
  { what: 'a key without value', form: 'urgent&line=2', fields: { urgent: '', line: '2' }, classic: 'right' },
  {
    what: 'nested names',
    form: 'user%5Bname%5D=kim&items[0][id]=1&a.b=c',
    fields: { 'user[name]': 'kim', 'items[0][id]': '1', 'a.b': 'c' },
    classic: 'right',
  },
  { what: 'a semicolon', form: 'a=1;b=2', fields: { a: '1;b=2' }, classic: { a: '1;b' } },
  { what: 'an empty body', form: '', fields: {}, classic: 'right' },
  {
    what: '= in a value',
    form: 'url=/path?q=1&token=YWJj==',
    fields: { url: '/path?q=1', token: 'YWJj==' },
    classic: { url: '/path?q', token: 'YWJj' },
  },
  {
    what: 'repeated keys',
    form: 'tag=a&tag=b&tag=c&n=1',
    fields: { tag: ['a', 'b', 'c'], n: '1' },
    // Each key stands there three times; whoever reads it keeps the last.
    classic: { tag: 'c', n: '1' },
  },
  { what: 'nothing between two &', form: '&&a=1&', fields: { a: '1' }, classic: { '': '', a: '1' } },
  { what: 'an empty key', form: '=x&a=1', fields: { '': 'x', a: '1' }, classic: 'right' },
  { what: '= alone', form: '=', fields: { '': '' }, classic: 500 },
  { what: 'a quotation mark', form: 'memo=%22urgent%22', fields: { memo: '"urgent"' }, classic: 'no JSON' },
  { what: 'apostrophes', form: "memo=it's+5+o%27clock", fields: { memo: "it's 5 o'clock" }, classic: 'right' },
  {
    what: 'backslashes that are none in JSON',
    form: 'path=C%3A%5Cmemo',
    fields: { path: 'C:\\memo' },
    classic: 'no JSON',
  },
  {
    what: 'backslashes that JSON reads',
    form: 'path=C%3A%5Cnew',
    fields: { path: 'C:\\new' },
    classic: { path: 'C:\new' },
  },
  { what: 'a line break', form: 'memo=one%0D%0Atwo', fields: { memo: 'one\r\ntwo' }, classic: 'no JSON' },
  {
    what: 'a value that writes a field of its own',
    form: 'caller=%22%2C%22role%22%3A%22admin',
    fields: { caller: '","role":"admin' },
    classic: { caller: '', role: 'admin' },
  },
  {
    what: 'what looks like a template',
    form: 'a=$context.requestId&b=%23foreach($x+in+$y)&c=$!input.body',
    fields: { a: '$context.requestId', b: '#foreach($x in $y)', c: '$!input.body' },
    classic: 'right',
  },
  { what: 'a stray %', form: 'rate=5%&discount=%zz', fields: { rate: '5%', discount: '%zz' }, classic: 500 },
  { what: 'JSON under a false name', form: '{"a":1}', fields: { '{"a":1}': '' }, classic: {} },
  { what: 'a number under a false name', form: '12345', fields: { '12345': '' }, classic: {} },
  {
    what: '1,000 fields',
    form: fieldsOf(1000),
    fields: Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`f${n}`, `${n}`])),
    classic: 'right',
  },
];

function fieldsOf(count: number): string {
  return Array.from({ length: count }, (_, n) => `f${n}=${n}`).join('&');
}

scenario(
  'a form becomes JSON without a function: what the template that everybody copies gets wrong, and one that does not',
  async ({ apis, clock, streams, tell }) => {
    await clock.set('2022-01-27T14:48:25+09:00');
    await tell.step('Two methods that differ in their mapping template only, in front of one stream');
    await streams.create(STREAM);
    const methods = ['classic', 'careful'].map((name) => ({
      path: `/${name}`,
      integration: putRecordIntegration({ [FORM]: template(`form-${name}`) }),
      responses: RESPONSES,
    }));
    const { url } = await apis.deploy({ name: 'forms', methods, variables: { stream: STREAM } });
    const post = (name: string, body: string, contentType = FORM) =>
      apis.send('POST', `${url}/${name}`, { body, contentType });

    await tell.step(`${CASES.length} forms are posted to both`);
    const answers = [];
    for (const { form, contentType } of CASES) {
      answers.push({
        classic: await post('classic', form, contentType),
        careful: await post('careful', form, contentType),
      });
    }

    await tell.step('What is in the stream');
    const records = await streams.read(STREAM);
    let wrong = 0;
    for (const [index, { what, fields, classic: expected }] of CASES.entries()) {
      const { classic, careful } = answers[index] as (typeof answers)[number];
      expect(careful.status, what).toBe(200);
      const made = records.get(careful.json.SequenceNumber) ?? '';
      expect(JSON.parse(made), what).toEqual(fields);

      const outcome = outcomeOf(classic.status, records.get(classic.json?.SequenceNumber) ?? '', fields);
      expect(outcome, what).toEqual(expected);
      if (outcome !== 'right') wrong++;
      const shown = typeof outcome === 'object' ? `${JSON.stringify(outcome)} instead of` : `${outcome}; careful:`;
      tell.figure(what, `classic: ${shown} ${excerpt(JSON.stringify(fields))}`);
    }
    tell.figure('forms that the classic template gets wrong', `${wrong} of ${CASES.length}`);
    tell.figure('forms that the careful template gets wrong', 0);
    expect(records.size).toBe(answers.length + answers.filter(({ classic }) => classic.status === 200).length);

    await tell.step('1,001 fields: a loop ends at 1,000 without a word, so the careful template has them refused');
    const tooMany = { classic: await post('classic', fieldsOf(1001)), careful: await post('careful', fieldsOf(1001)) };
    expect(tooMany.careful.status).toBe(400);
    expect(tooMany.classic.status).toBe(200);
    const kept = (await streams.read(STREAM)).get(tooMany.classic.json.SequenceNumber) ?? '';
    expect(kept).toMatch(/"f999":"999",}$/);
    tell.figure('1,001 fields', 'classic: 200, but 1,000 of them and a comma too many; careful: 400');

    await tell.step('Anything but a form is refused by both before a template sees it');
    for (const name of ['classic', 'careful']) {
      const json = await post(name, '{"a":1}', 'application/json');
      expect(json.status).toBe(415);
      expect(json.text).toBe('{"message":"Unsupported Media Type"}');
    }
  },
);

function outcomeOf(status: number, record: string, fields: Case['fields']): Case['classic'] {
  if (status !== 200) return status;
  try {
    const made = JSON.parse(record);
    const isRight = JSON.stringify(sorted(made)) === JSON.stringify(sorted(fields));
    return isRight ? 'right' : made;
  } catch {
    return 'no JSON';
  }
}

const sorted = (fields: object) => Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1));

const excerpt = (text: string) => (text.length > 100 ? `${text.slice(0, 100)}…` : text);
