import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import type { KeyKind, Validity } from '../../certificates/index.ts';
import { formatInstant, machine, parseInstant } from '../../clock/index.ts';
import {
  AUTHORITY,
  type CertificateFiles,
  filesOf,
  readAuthority,
  refusePresent,
  validityOf,
  validityWithin,
  writeCertificate,
} from '../certificate-files.ts';
import { print, say } from '../terminal.ts';

interface Options {
  readonly out: string;
  readonly from?: number;
  readonly days: number;
  readonly key: KeyKind;
  readonly force: boolean;
}

const CA_DAYS = 3650;
const CERTIFICATE_DAYS = 365;
const MAX_DAYS = 36_500;
/** RFC 5280, ub-common-name. */
const MAX_COMMON_NAME = 64;
const COMMON_NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@-]*(?<! )$/u;
const DOMAIN_NAME =
  /^(?:\*\.)?(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

export function certCommand(): Command {
  return new Command('cert')
    .description('make certificates for mutual TLS: an authority, and what it signs')
    .helpCommand(false)
    .addCommand(caCommand())
    .addCommand(clientCommand())
    .addCommand(serverCommand())
    .addHelpText(
      'after',
      `
For a webhook that takes only senders who can show a certificate:
  naetmul cert ca --out certs                    certs/ca.pem is the truststore, certs/ca.key stays with you
  naetmul cert client appsflyer --out certs      certs/appsflyer.pem and .key go to the sender
  aws s3 cp certs/ca.pem s3://<bucket>/ca.pem    what the custom domain name's truststore names

The sender then posts with both files. On the bench, \`naetmul status\` says at which port custom domain names answer and
which authority vouches for them (on AWS neither --connect-to nor --cacert is needed):
  curl --cert certs/appsflyer.pem --key certs/appsflyer.key \\
       --cacert <CA of custom domain names> --connect-to hooks.example.com:443:127.0.0.1:8443 \\
       -H 'Content-Type: application/json' -d @message.json https://hooks.example.com/appsflyer`,
    );
}

function caCommand(): Command {
  return withOptions(new Command('ca'), CA_DAYS)
    .description('make a certificate authority: ca.pem, a truststore, and ca.key')
    .option('--name <name>', 'what it is called', parseCommonName, 'naetmul webhook senders CA')
    .action(async ({ name, ...options }: Options & { name: string }) => {
      const files = filesOf(options.out, AUTHORITY);
      refusePresent(files, options.force);
      const { makeAuthority } = await import('../../certificates/index.ts');
      const validity = validityOf({ from: options.from, days: options.days }, machine.now());
      writeCertificate(files, await makeAuthority({ commonName: name, validity, keyKind: options.key }));
      tell(`The certificate authority "${name}"`, validity, files);
    });
}

function clientCommand(): Command {
  return withOptions(new Command('client'), CERTIFICATE_DAYS)
    .description('make a client’s certificate and key: <name>.pem and <name>.key')
    .addArgument(new Argument('<name>', 'the sender’s name, which becomes the common name').argParser(parseClientName))
    .addOption(caOption())
    .action((name: string, options: Options & { ca?: string }) => issue('client', name, options));
}

function serverCommand(): Command {
  return withOptions(new Command('server'), CERTIFICATE_DAYS)
    .description('make a server’s certificate and key: for a server of your own, or to be imported into ACM')
    .addArgument(
      new Argument('<domain>', 'the domain name, such as hooks.example.com or *.example.com').argParser(
        parseDomainName,
      ),
    )
    .addOption(caOption())
    .addHelpText(
      'after',
      `
The bench makes the certificates of its own custom domain names itself.`,
    )
    .action((name: string, options: Options & { ca?: string }) => issue('server', name, options));
}

async function issue(use: 'client' | 'server', name: string, options: Options & { ca?: string }): Promise<void> {
  const files = filesOf(options.out, name);
  const authority = readAuthority(options.ca ?? options.out);
  refusePresent(files, options.force);
  const validity = validityWithin(authority, validityOf({ from: options.from, days: options.days }, machine.now()));
  const { issueCertificate } = await import('../../certificates/index.ts');
  const commonName = name.length <= MAX_COMMON_NAME ? name : `naetmul ${use}`;
  const names = use === 'server' ? [{ type: 'dns', value: name } as const] : [];
  writeCertificate(
    files,
    await issueCertificate(authority, { commonName, use, names, validity, keyKind: options.key }),
  );
  tell(`The certificate of ${name}`, validity, files);
}

function tell(what: string, { notBefore, notAfter }: Validity, { cert, key }: CertificateFiles): void {
  say(`${what} is valid from ${formatInstant(notBefore.getTime())} to ${formatInstant(notAfter.getTime())}.`);
  print(cert);
  print(key);
}

function withOptions(command: Command, days: number): Command {
  return command
    .addOption(new Option('--out <folder>', 'where to write the files').makeOptionMandatory())
    .addOption(new Option('--days <count>', 'how long it is valid').argParser(parseDays).default(days))
    .option(
      '--from <instant>',
      'since when: ISO 8601 with offset; the bench judges clients by its own clock (default: a day ago)',
      parseInstant,
    )
    .addOption(new Option('--key <kind>', 'ec: P-256; rsa: 2048 bits').choices(['ec', 'rsa']).default('ec'))
    .addOption(new Option('--force', 'replace files that are there').default(false));
}

function caOption(): Option {
  return new Option('--ca <folder>', 'where the authority’s ca.pem and ca.key are (default: the folder of --out)');
}

function parseClientName(name: string): string {
  if (name.toLowerCase() !== AUTHORITY) return parseCommonName(name);
  throw new InvalidArgumentError(`The files of that name are the authority’s.`);
}

function parseCommonName(name: string): string {
  if (name.length <= MAX_COMMON_NAME && COMMON_NAME.test(name)) return name;
  throw new InvalidArgumentError(
    `A name has 1 to ${MAX_COMMON_NAME} letters, digits, spaces, dots, underscores, hyphens and @.`,
  );
}

function parseDomainName(name: string): string {
  if (DOMAIN_NAME.test(name)) return name;
  throw new InvalidArgumentError('A domain name is such as hooks.example.com or *.example.com, in small letters.');
}

function parseDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= MAX_DAYS) return days;
  throw new InvalidArgumentError(`It takes a number from 1 to ${MAX_DAYS}.`);
}
