import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../../../clock/index.ts';
import type { CustomDomains, DataPlaneRoute } from '../../../edge/emulator.ts';
import type { EdgeRequest, EdgeResponse, TlsConnection } from '../../../edge/http.ts';
import { type ClientCert, clientCertOf } from './client-certificate.ts';
import { matchMapping } from './match-mapping.ts';
import type { DomainRegistry } from './registry.ts';
import { readCertificate } from './truststore.ts';
import type { Visit } from './visit.ts';

export interface CustomDomainParts {
  readonly clock: Clock;
  readonly registry: DomainRegistry;
  /** Serves an API, wherever it was found. */
  reach(request: EdgeRequest, route: DataPlaneRoute, visit: Visit): Promise<EdgeResponse>;
  /** 403 Forbidden. */
  answerStranger(request: EdgeRequest): EdgeResponse;
}

interface Client {
  readonly certificate: X509Certificate | undefined;
  readonly clientCert: ClientCert | undefined;
}

/** Finds the API that a custom domain's mappings lead to, and judges who asks. */
export function createCustomDomains(parts: CustomDomainParts): CustomDomains {
  const { clock, registry, reach, answerStranger } = parts;
  /** What is known of who is at the other end of a connection. */
  const clients = new WeakMap<TlsConnection, Client>();

  function clientOf(tls: TlsConnection): Client {
    let client = clients.get(tls);
    if (!client) {
      const certificate = tls.clientCertificate && readCertificate(tls.clientCertificate);
      client = { certificate, clientCert: certificate && clientCertOf(certificate) };
      clients.set(tls, client);
    }
    return client;
  }

  return {
    has: (host) => registry.byHost(host) !== undefined,
    async handle(request, route) {
      const { tls } = request;
      const found = registry.byHost(route.host);
      // What a connection was made for must be what it is used for, lest one domain's rules be met for another's.
      if (!found || (tls && registry.byHost(tls.serverName)?.domain !== found.domain)) return answerStranger(request);
      const { mappings, mutualTls } = found.domain;
      const matched = matchMapping(mappings, route.path);
      if (!matched) return answerStranger(request);
      let visit: Visit = { domainName: found.host, basePath: matched.mapping.basePath, path: route.path };
      if (mutualTls) {
        const { certificate, clientCert } = tls ? clientOf(tls) : {};
        // Over plain HTTP, or a connection that is older than the rule.
        if (!certificate) return answerStranger(request);
        visit = { ...visit, clientCert, denied: mutualTls.truststore.distrust(certificate, clock.now()) };
      }
      const { stage, path, mapping } = matched;
      return await reach(request, { apiId: mapping.restApiId, stage, path, query: route.query }, visit);
    },
  };
}
