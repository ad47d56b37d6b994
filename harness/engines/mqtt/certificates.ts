import { issueCertificate, makeAuthority, usualValidity } from '../../certificates/index.ts';
import { machine } from '../../clock/machine.ts';

export interface Credentials {
  /** PEM: what clients are to trust. */
  readonly ca: string;
  /** PEM: the server's certificate. */
  readonly cert: string;
  /** PEM, PKCS #8: the server's private key. */
  readonly key: string;
}

/** A certificate authority for this one certificate (its key is forgotten), and a server certificate for this machine. */
export async function makeCredentials(): Promise<Credentials> {
  const validity = usualValidity(machine.now());
  const authority = await makeAuthority({ commonName: 'naetmul local CA', validity });
  const server = await issueCertificate(authority, {
    commonName: 'localhost',
    use: 'server',
    names: [
      { type: 'dns', value: 'localhost' },
      { type: 'ip', value: '127.0.0.1' },
      { type: 'ip', value: '::1' },
    ],
  });
  return { ca: authority.cert, ...server };
}
