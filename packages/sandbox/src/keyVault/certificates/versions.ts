import { randomUUID } from 'node:crypto'
import type { Settings, World } from '../../azure.ts'
import { badParameter } from '../errors.ts'
import { toPem } from '../pem.ts'
import { secondsOf } from '../requestContext.ts'
import type { Certificate, CertificateVersion, Operation, Policy, Tags, Unissued } from '../state.ts'
import { toPkcs12 } from './pkcs12.ts'
import { parseCertificate } from './x509.ts'

/** 32 hex digits, as versions and requests are named. */
export const newId = (): string => randomUUID().replaceAll('-', '')

export interface Parts {
  /** Base64 of DER, leaf first. */
  readonly chain: readonly string[]
  readonly privateKey: string
  readonly policy: Policy
  readonly tags: Tags | undefined
  readonly enabled: boolean
  readonly now: Date
}

/** A version of a certificate and of its managed secret. */
export function newVersion({ chain, privateKey, policy, tags, enabled, now }: Parts): CertificateVersion {
  const certificate = parseCertificate(chain[0] ?? '')
  if (!certificate) throw badParameter('The specified X.509 certificate content can not be read.')
  const { exportable } = policy.key_props
  const { contentType } = policy.secret_props
  const write = contentType === 'application/x-pem-file' ? toPem : toPkcs12
  const at = secondsOf(now)
  return {
    version: newId(),
    attributes: {
      enabled,
      nbf: secondsOf(certificate.notBefore),
      exp: secondsOf(certificate.notAfter),
      created: at,
      updated: at,
    },
    ...(tags && { tags }),
    chain: [...chain],
    privateKey,
    secretValue: write(chain, exportable ? privateKey : undefined),
    contentType,
    exportable,
  }
}

export type Shown = CertificateVersion | Operation | Unissued

export const isPending = (operation: Operation | undefined): operation is Operation => operation?.status === 'inProgress'

/** What `GET /certificates/{name}` shows: a version, or the placeholder if there has never been one. */
export function current(certificate: Certificate, settings: Pick<Settings, 'pendingHidesCurrent'>): Shown | undefined {
  const { operation, unissued, versions } = certificate
  if (isPending(operation) && settings.pendingHidesCurrent) return operation
  return versions.at(-1) ?? operation ?? unissued
}

export const isVersion = (shown: Shown): shown is CertificateVersion => 'chain' in shown

/** The current certificate, as served to clients that read its secret; undefined if there is none, or it is disabled. */
export function servedCertificate(world: World, vaultName: string, name: string): CertificateVersion | undefined {
  const certificate = world.vaults[vaultName.toLowerCase()]?.certificates[name.toLowerCase()]
  const version = certificate?.deleted ? undefined : certificate?.versions.at(-1)
  return version?.attributes.enabled ? version : undefined
}
