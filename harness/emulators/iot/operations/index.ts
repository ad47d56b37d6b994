import * as api from '@aws-sdk/client-iot';
import type { Operation } from '../../../edge/emulator.ts';
import { certificates } from './certificates.ts';
import { describeEndpoint } from './describe-endpoint.ts';
import { newCertificates } from './new-certificates.ts';
import type { OperationMaker, Parts } from './operation.ts';
import { policies } from './policies.ts';
import { policyAttachments } from './policy-attachments.ts';
import { policyVersions } from './policy-versions.ts';
import { makeRefusals } from './refusals.ts';
import { topicRules } from './rules.ts';
import { tags } from './tags.ts';
import { thingPrincipals } from './thing-principals.ts';
import { things } from './things.ts';

const MAKERS: readonly OperationMaker[] = [
  ...certificates,
  describeEndpoint,
  ...newCertificates,
  ...policies,
  ...policyAttachments,
  ...policyVersions,
  ...tags,
  ...thingPrincipals,
  ...things,
  ...topicRules,
];

/** Every operation of the API: those that work, and those that say that they do not. */
export function makeOperations(parts: Parts): Operation[] {
  const played = MAKERS.map((make) => make(parts));
  return [...played, ...makeRefusals(api, played)];
}
