import type { Dataverse } from '../../azure/dataverse/port.ts'
import type { KeyVault } from '../../azure/keyVault/port.ts'
import { HmaError } from '../../core/errors.ts'
import type { Run } from '../../core/kind.ts'
import type { Secret } from '../../core/secret.ts'
import { vaultTags, witnessName } from '../mark.ts'
import type { Live, Spec } from './observe.ts'
import { ambiguous, undelivered } from './state.ts'

interface Ports {
  readonly keyVault: KeyVault
  readonly dataverse: Dataverse
}

/** A secret whose value is known, and a note of the one it replaces. */
export type Fresh = { readonly keyId: string; readonly value: Secret; readonly replaced?: string; readonly inLaterSecond?: true }

/** To the vault first: from there it can be delivered again. */
export async function deliver(ports: Ports, spec: Spec, live: Live, fresh: Fresh, run: Run): Promise<void> {
  const { vault, vaultSecretName: name } = spec
  if (vault !== undefined && name !== undefined) {
    const expires = live.ours.find((one) => one.keyId === fresh.keyId)?.end ?? run.now.toISOString()
    await ports.keyVault.setSecret(vault, name, fresh.value, {
      tags: {
        ...vaultTags(run.owner, live.organizationId),
        keyId: fresh.keyId,
        ...(fresh.replaced !== undefined && { replaced: fresh.replaced }),
      },
      expires,
      contentType: 'client secret of KV-App',
      inLaterSecond: fresh.inLaterSecond ?? false,
    })
  }
  if (spec.delivery) await toDynamics(ports, spec, live, fresh, run)
}

const toDynamics = (
  { dataverse }: Ports,
  { delivery, clientId, tenantId }: Spec,
  live: Live,
  { keyId, value, replaced }: Fresh,
  { owner }: Run,
): Promise<void> =>
  delivery
    ? dataverse.putIdentity(delivery.organization, {
        id: live.identityId ?? delivery.identityId,
        name: witnessName(owner, {
          keyId,
          ...(replaced !== undefined && { replaced }),
          ...(live.organizationId !== undefined && { store: live.organizationId }),
        }),
        applicationId: clientId,
        tenantId,
        credentialSource: 0,
        secret: value,
      })
    : Promise.resolve()

/** Dynamics lost what the vault still has, or it is unclear what the vault has and it is written again. */
export async function deliverCopy(ports: Ports, spec: Spec, live: Live, run: Run): Promise<void> {
  const { vault, vaultSecretName: name } = spec
  const [lost, unclear] = [undelivered(live).length > 0, ambiguous(live).length > 0]
  if (!(lost || unclear) || vault === undefined || name === undefined || live.keyId === undefined) return
  // The version whose keyId was seen: another run may have added a newer one since.
  const value = await ports.keyVault.secretValue(vault, name, live.copy?.version)
  if (!value) throw new HmaError('HMA506', `The vault does not show the secret ${name} yet`, { retryable: true })
  const { keyId, replaced } = live
  const known = { keyId, value, ...(replaced !== undefined && { replaced }) }
  if (unclear) await deliver(ports, spec, live, { ...known, inLaterSecond: true }, run)
  else await toDynamics(ports, spec, live, known, run)
}
