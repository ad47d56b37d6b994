import { errors } from '../../errors.ts';

const HTTPS_PORT = '443';
const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether a URL names this machine, where plain HTTP and any port and certificate are taken. */
export function isLoopback(url: string | URL): boolean {
  const parsed = typeof url === 'string' ? URL.parse(url) : url;
  return parsed !== null && /^https?:$/.test(parsed.protocol) && LOOPBACK.test(parsed.hostname);
}

/**
 * @throws InvalidArgumentException for what is no URL, and for ports other than 443: no others are supported
 * (https://docs.aws.amazon.com/firehose/latest/dev/httpdeliveryrequestresponse.html)
 */
export function readUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw errors.invalid('EndpointConfiguration: Url is not a valid URL');
  if (!isLoopback(url) && (url.port || HTTPS_PORT) !== HTTPS_PORT) {
    throw errors.invalid(`EndpointConfiguration: Url must use port ${HTTPS_PORT}`);
  }
  return url;
}
