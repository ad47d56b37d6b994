import type { CertificateMode, CertificateStatus, TopicRulePayload } from '@aws-sdk/client-iot';
import type { PolicyDocument } from '../model.ts';
import type { Rule } from '../rules/rule.ts';

export interface Thing {
  readonly name: string;
  readonly arn: string;
  readonly id: string;
  attributes: ReadonlyMap<string, string>;
  version: number;
  /** ARNs of certificates. */
  readonly principals: Set<string>;
}

export interface Certificate {
  /** SHA-256 of the certificate in DER, 64 hex digits. */
  readonly id: string;
  readonly arn: string;
  readonly pem: string;
  readonly commonName: string | undefined;
  readonly validity: { readonly notBefore: Date; readonly notAfter: Date };
  readonly mode: CertificateMode;
  readonly createdAt: number;
  status: CertificateStatus;
  modifiedAt: number;
  /** How often its status was changed, from 1. */
  version: number;
  readonly policyNames: Set<string>;
  readonly thingNames: Set<string>;
}

export interface Policy {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  /** What CreatePolicyVersion made last; ids are not used again. */
  lastVersion: number;
  modifiedAt: number;
  defaultVersionId: string;
  readonly versions: Map<string, PolicyVersion>;
  readonly tags: Map<string, string>;
}

export interface PolicyVersion {
  readonly id: string;
  readonly text: string;
  readonly document: PolicyDocument;
  readonly createdAt: number;
}

export interface TopicRule {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly createdAt: number;
  /** As it was given, for GetTopicRule. */
  payload: TopicRulePayload;
  disabled: boolean;
  /** What it does, read from the payload. */
  rule: Rule;
  readonly tags: Map<string, string>;
}
