import { createHash } from 'node:crypto';
import type { FunctionRevision } from '../model.ts';

/** How an invocation ended, as far as its REPORT line and an INIT_REPORT line say so. */
export type Status = { readonly status: 'timeout' } | { readonly status: 'error'; readonly errorType: string };

/** `INIT_START Runtime Version: nodejs:22.v1\tRuntime Version ARN: arn:aws:lambda:…` */
export function initStart(revision: Pick<FunctionRevision, 'runtime' | 'region'>): string {
  const { runtime, region } = revision;
  const [, name = runtime, version = ''] = /^([a-z]+)(?:\.?(al\d+|[\d.]+?)(?:\.x)?)?$/.exec(runtime) ?? [];
  const label = version === '' ? name : `${name}:${version}`;
  const id = createHash('sha256').update(runtime).digest('hex');
  return `INIT_START Runtime Version: ${label}.v1\tRuntime Version ARN: arn:aws:lambda:${region}::runtime:${id}\n`;
}

/** @param phase `invoke` when the environment was initialised again as part of an invocation */
export function initReport(ms: number, phase: 'init' | 'invoke', status: Status): string {
  return `INIT_REPORT Init Duration: ${twoDecimals(ms)} ms\tPhase: ${phase}\t${statusFields(status)}\n`;
}

export function start(requestId: string): string {
  return `START RequestId: ${requestId} Version: $LATEST\n`;
}

export function end(requestId: string): string {
  return `END RequestId: ${requestId}\n`;
}

export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly memoryMb: number;
  readonly peakBytes: number;
  /** Of the Init phase, when it was before this invocation and went well. */
  readonly initMs: number | undefined;
  readonly status: Status | undefined;
}

/** The Init phase is billed, too, since August 2025. */
export function report({ requestId, durationMs, memoryMb, peakBytes, initMs, status }: Report): string {
  const used = Math.min(memoryMb, Math.ceil(peakBytes / 1024 ** 2));
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${twoDecimals(durationMs)} ms`,
    `Billed Duration: ${Math.ceil(rounded(durationMs) + rounded(initMs ?? 0))} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${used} MB`,
  ];
  if (initMs !== undefined) fields.push(`Init Duration: ${twoDecimals(initMs)} ms`);
  return `${fields.join('\t')}\t${status === undefined ? '' : statusFields(status)}\n`;
}

/** `2026-01-31T00:00:03.000Z 8f5… Task timed out after 3.00 seconds`, and an empty line. */
export function taskTimedOut(now: number, requestId: string, timeoutMs: number): string {
  return `${new Date(now).toISOString()} ${requestId} ${timedOutText(timeoutMs)}\n\n`;
}

export function timedOutText(timeoutMs: number): string {
  return `Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
}

function statusFields(status: Status): string {
  return status.status === 'timeout' ? 'Status: timeout' : `Status: error\tError Type: ${status.errorType}`;
}

function rounded(ms: number): number {
  return Math.round(ms * 100) / 100;
}

function twoDecimals(ms: number): string {
  return ms.toFixed(2);
}
