import type { Dataverse, IdentityRow, Organization, ProfileRow, ReferenceRow } from '../azure/dataverse/port.ts'
import type { Search } from '../azure/search/port.ts'
import { ifExists, known, type ReadResult, readResult, seen } from './readResult.ts'

/**
 * How the rows of a profile are linked. No public page says which lookups the admin center sets
 * (https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile).
 *
 * `profile`: the profile points to KV-App's identity. `reference`: its key vault reference does. `both`: both do, as hma
 * writes them. `application`: the profile points to an identity of HMA-App, and the reference to that of KV-App.
 */
export type Shape = 'profile' | 'reference' | 'both' | 'application'

export interface Rows {
  readonly profile: ProfileRow
  readonly shape: Shape
  /** Where the certificate is. */
  readonly reference: ReadResult<ReferenceRow | undefined>
  /** Who reads the vault: KV-App. */
  readonly reader: ReadResult<IdentityRow | undefined>
  /** HMA-App, if it has a row of its own. */
  readonly application: IdentityRow | undefined
}

interface Ports {
  readonly search: Pick<Search, 'referenceOfIdentity'>
  readonly dataverse: Pick<Dataverse, 'identity' | 'reference'>
}

/** `credentialsource` of an identity whose credential is in a key vault. */
const fromKeyVault = 1

/** Follows a profile to the rows it points to. */
export async function rowsOf(organization: Organization, profile: ProfileRow, ports: Ports): Promise<Rows> {
  const identity = (id: string | undefined) =>
    id === undefined ? seen<IdentityRow | undefined>(undefined) : readResult(ports.dataverse.identity(organization, id))
  const reference = (id: string | undefined) =>
    id === undefined ? seen<ReferenceRow | undefined>(undefined) : readResult(ports.dataverse.reference(organization, id))
  const [own, direct] = await Promise.all([identity(profile.identityId), reference(profile.referenceId)])
  const application = applicationIn(known(own))
  const found =
    application && profile.referenceId === undefined
      ? await ifExists(await readResult(ports.search.referenceOfIdentity(organization, application.id)), async (id) =>
          reference(id),
        )
      : direct
  const ofReference = await ifExists(found, async ({ identityId }) => identity(identityId))
  const fallsBack = application !== undefined || ('seen' in own && own.seen === undefined)
  return {
    profile,
    reference: found,
    application,
    reader: fallsBack ? ofReference : own,
    shape: shapeOf(application, known(own), known(ofReference)),
  }
}

const applicationIn = (own: IdentityRow | undefined): IdentityRow | undefined =>
  own?.credentialSource === fromKeyVault ? own : undefined

function shapeOf(
  application: IdentityRow | undefined,
  own: IdentityRow | undefined,
  ofReference: IdentityRow | undefined,
): Shape {
  if (application) return 'application'
  if (own && ofReference) return 'both'
  return own ? 'profile' : 'reference'
}
