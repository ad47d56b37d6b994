import { expect, test } from 'vitest';
import { evaluate, parseTemplate } from './index.ts';

const render = (template: string) => evaluate(parseTemplate(template), {}).output;
const squared = (times: number) => `#set($n = 2)#foreach($i in [1..${times}])#set($n = $n * $n)#end`;

test('whole numbers grow as large as they need to be', () => {
  expect(render(`${squared(7)}$n`)).toBe(String(2n ** 128n));
});

test('a loop that squares a number is ended before it takes minutes', () => {
  expect(() => render(`${squared(1000)}$n`)).toThrow('a whole number of more than 65536 bits is too large');
});
