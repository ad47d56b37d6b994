import { NaetmulError } from '../../../../errors.ts';
import { badRequest } from '../../errors.ts';
import type { Parts } from '../../operations/operation.ts';

/**
 * Lets the edge's port for TLS do for a name as its domain says, or nothing more without one.
 *
 * @throws BadRequestException when the port cannot be opened
 */
export async function serveTls({ store, tls }: Parts, name: string): Promise<void> {
  const domain = store.domains.serving(name);
  if (!domain) {
    tls?.drop(name);
    return;
  }
  try {
    await tls?.serve(name, { clientCertificate: domain.mutualTls !== undefined });
  } catch (error) {
    if (error instanceof NaetmulError) throw badRequest(`${error.message} ${error.remedy ?? ''}`.trim());
    throw error;
  }
}
