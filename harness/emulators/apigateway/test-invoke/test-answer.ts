import type { TestInvokeMethodResponse } from '@aws-sdk/client-api-gateway';
import type { Exchange, GatewayAnswer } from '../data-plane/exchange.ts';

/** The answer with the log of how it came about, in the form that TestInvokeMethod has for it (recorded). */
export function testAnswer(exchange: Exchange, answer: GatewayAnswer, now: number): TestInvokeMethodResponse {
  const values = Object.entries(answer.headers).map(([name, value]): [string, string[]] => [name, [value].flat()]);
  return {
    status: answer.status,
    body: answer.body.toString(),
    headers: Object.fromEntries(values.map(([name, all]) => [name, all.at(-1) ?? ''])),
    multiValueHeaders: Object.fromEntries(values),
    log: logText(exchange),
    latency: now - exchange.receivedAt,
  };
}

function logText({ log, context }: Exchange): string {
  const lines = (log?.lines ?? []).map(({ timestamp, message }) => `${javaDate(timestamp)} : ${message}\n`);
  return [`Execution log for request ${context.requestId}\n`, ...lines].join('');
}

/** As Java prints a date: `Thu Jan 27 05:48:25 UTC 2022`. */
function javaDate(ms: number): string {
  const [, day, date, month, year, time] = /^(\w+), (\d+) (\w+) (\d+) (\S+)/.exec(new Date(ms).toUTCString()) ?? [];
  return `${day} ${month} ${date} ${time} UTC ${year}`;
}
