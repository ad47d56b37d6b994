import { isIP, isIPv4, isIPv6 } from 'node:net';
import { isPattern } from './pattern.ts';

const DATE_FORMATS = "[yyyy-MM-dd'T'HH:mm:ssZ, yyyy-MM-dd'T'HH:mm:ss.[0-9]{1,12}Z]";
const DATE_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,12})?(?:Z|[+-]\d\d:?\d\d)$/;
const EMAIL = /^[^\s@"(),:;<>[\]\\]+@[^\s@"(),:;<>[\]\\]+$/;
const HOST_LABEL = /^[\p{L}\p{N}](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?$/u;
const URI = /^(?:[A-Za-z][A-Za-z0-9+.-]*:\S|[^\s:]*$|[./?#])(?:[^\s"<>\\^`{|}%]|%[0-9A-Fa-f]{2})*$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** What is wrong with a string, by format, in the words of json-schema-validator. Other formats are not looked at. */
const CHECKS: Readonly<Record<string, (text: string) => string | undefined>> = {
  'date-time': (text) =>
    isDateTime(text) ? undefined : `string "${text}" is invalid against requested date format(s) ${DATE_FORMATS}`,
  email: (text) => (EMAIL.test(text) ? undefined : `string "${text}" is not a valid email address`),
  hostname: (text) => (isHostName(text) ? undefined : `string "${text}" is not a valid hostname`),
  ipv4: (text) => (isIPv4(text) ? undefined : `string "${text}" is not a valid IPv4 address`),
  ipv6: (text) => (isIPv6(text) ? undefined : `string "${text}" is not a valid IPv6 address`),
  regex: (text) => (isPattern(text) ? undefined : `string "${text}" is not a valid ECMA 262 regular expression`),
  uri: (text) => (URI.test(text) ? undefined : `string "${text}" is not a valid URI`),
  uuid: (text) => (UUID.test(text) ? undefined : `input string "${text}" is not a valid UUID`),
};

export function formatProblem(format: string, text: string): string | undefined {
  return Object.hasOwn(CHECKS, format) ? CHECKS[format]?.(text) : undefined;
}

function isDateTime(text: string): boolean {
  const [, day = '', time = ''] = DATE_TIME.exec(text) ?? [];
  if (day === '') return false;
  const at = new Date(`${day}T${time}Z`);
  // A day that the month does not have would be one of the next month.
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(`${day}T${time}`);
}

function isHostName(text: string): boolean {
  if (text.length > 253 || isIP(text) !== 0) return false;
  const labels = text.replace(/\.$/, '').split('.');
  return labels.every((label) => HOST_LABEL.test(label)) && !/^\d/.test(labels.at(-1) ?? '');
}
