import { isDeepStrictEqual } from 'node:util'
import type { Dataverse, Organization, ProfileRow, ReferenceRow } from '../azure/dataverse/port.ts'
import { changed, fields } from '../core/diff.ts'
import type { Difference, Kind } from '../core/kind.ts'
import { type Marked, ownership } from '../core/ownership.ts'
import { profileObservations } from '../observations/profile.ts'
import { markedText } from './mark.ts'
import { marksOf, ownProfile } from './ownProfile.ts'
import type { SharedReads } from './sharedReads.ts'

export type Spec = {
  readonly organization: Organization
  /** GUIDs that hma gives the rows it makes. */
  readonly profileId: string
  readonly referenceId: string
  readonly name: string
  readonly ewsUrl: string
  readonly resourceId: string
  /** The tenant in which HMA-App signs in. */
  readonly tenantId: string
  readonly hmaAppId: string
  readonly keyVaultUri: string
  readonly certificateName: string
  /** The row with KV-App's secret, delivered by `clientSecret`. */
  readonly identityId: string
  /** Dataverse: 0 public and GCC, 1 US government, 2 China, 3 as the Dynamics cloud says. */
  readonly serverAuthority?: number
}

export type Live = {
  readonly organization: Organization
  readonly organizationId: string
  readonly id: string
  readonly marked: Marked
  /** Absent if a run died between the two rows: then only the reference exists. */
  readonly profile?: ProfileRow
  readonly reference?: ReferenceRow
  /** The profiles that could be meant, if several. */
  readonly candidates?: readonly string[]
}

/**
 * The email server profile: its own row and the row that locates the certificate. The third, with KV-App's
 * secret, is `clientSecret`'s. The option values are those of
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile.
 */
export const emailServerProfile = (
  dataverse: Dataverse,
  reads: SharedReads,
): Kind<Spec, Live, 'organization' | 'profileId' | 'referenceId' | 'name'> => ({
  identity: ['organization', 'profileId', 'referenceId', 'name'],
  stable: ['id'],
  putsIntoUse: true,

  async read({ organization, profileId, referenceId, name }, run) {
    const [found, organizationId] = await Promise.all([
      reads.profiles(organization, { id: profileId, name }, run),
      reads.organizationId(organization),
    ])
    const key = { madeId: profileId, organizationId, deployment: run.owner }
    const { own, other, candidates } = ownProfile(found, key)
    const one = own ?? other
    if (!one) {
      const reference = await dataverse.reference(organization, referenceId)
      return reference && { organization, organizationId, id: profileId, marked: madeHere(run.owner, organizationId), reference }
    }
    return {
      organization,
      organizationId,
      id: one.profile.id,
      marked: marksOf(one.profile, key),
      profile: one.profile,
      ...(one.reference && { reference: one.reference }),
      ...(candidates.length > 0 && { candidates }),
    }
  },

  marks: ({ marked }) => ({ ...marked, setting: 'dynamics.profile.name' }),

  adopt: ({ organization }, { id, organizationId, profile }, { owner }) =>
    dataverse.putProfile(organization, {
      id,
      description: markedText(profile?.description, owner, { id: organizationId, url: organization.environmentUrl }),
    }),

  remarks: (_spec, { profile }) => (profile ? profileObservations(profile) : []),

  diff: (spec, live) => [
    ...(live.candidates ? [ambiguous(spec.name, live.candidates, live.marked)] : []),
    ...fields(wantedProfile(spec), live.profile ?? {}, profileFields),
    ...fields(wantedReference(spec), live.reference ?? {}, referenceFields),
    ...(isInactive(live) ? [inactive] : []),
    ...(live.reference ? [] : [{ field: 'keyVaultReference', from: null, why: 'the profile points to no Key Vault reference' }]),
  ],

  async reconcile(spec, live, run) {
    const { owner } = run
    const id = live?.id ?? spec.profileId
    const found = live?.reference && (await isShared(dataverse, live.reference.id, spec)) ? undefined : live?.reference
    const referenceId = found?.id ?? spec.referenceId
    if (!found || fields(wantedReference(spec), found, referenceFields).length > 0)
      await dataverse.putReference(spec.organization, {
        id: referenceId,
        ...changed(wantedReference(spec), found, referenceFields),
      })
    const environment = { id: await reads.organizationId(spec.organization), url: spec.organization.environmentUrl }
    const isMarked = live?.profile !== undefined && isDeepStrictEqual(ownership(live.marked, owner), { is: 'ours' })
    const change = {
      ...changed(wantedProfile(spec), live?.profile, profileFields),
      ...(live?.profile?.referenceId !== referenceId && { referenceId }),
      ...(!isMarked && { description: markedText(live?.profile?.description, owner, environment) }),
      // It cannot be set on a new row.
      ...(live && isInactive(live) && { state: active }),
    }
    if (Object.keys(change).length > 0) await dataverse.putProfile(spec.organization, { id, ...change })
  },

  /** The profile first: deleting the row it points to would silently break it. A row that another profile points to stays. */
  async remove({ organization, id, reference }) {
    await dataverse.deleteRow(organization, 'emailserverprofiles', id)
    if (!reference || (await dataverse.usersOf(organization, 'keyvaultreferences', reference.id)).length > 0) return
    await dataverse.deleteRow(organization, 'keyvaultreferences', reference.id)
  },
})

/** A row made by hand may serve other profiles too: then ours gets its own, and theirs is left as it is. */
const isShared = async (dataverse: Dataverse, id: string, { organization, referenceId }: Spec): Promise<boolean> =>
  id !== referenceId && (await dataverse.usersOf(organization, 'keyvaultreferences', id)).length > 1

/** Only the key vault reference exists, under hma's id for it. */
const madeHere = (deployment: string, store: string): Marked => ({ marks: [{ deployment, store }], stores: [store] })

const active = 0

const isInactive = ({ profile }: Live): boolean => profile?.state !== undefined && profile.state !== active

const inactive: Difference = {
  ...{ field: 'state', from: 'deactivated', to: 'active' },
  why: 'Dynamics does not synchronize through a deactivated profile',
}

const hybrid = 2
const hybridModernAuth = 6
const certificateKey = 1
const otherApplication = 1

const profileFields = [
  'name',
  'serverType',
  'incomingCredentialRetrieval',
  'outgoingCredentialRetrieval',
  'incomingLocation',
  'outgoingLocation',
  'incomingPort',
  'outgoingPort',
  'useAutodiscover',
  'resourceId',
  'tenantId',
  'useDefaultTenantId',
  'clientId',
  'serverAuthority',
  'identityId',
] as const satisfies readonly (keyof ProfileRow)[]

const referenceFields = [
  'keyVaultUri',
  'keyName',
  'keyType',
  'preauthorizedApplicationType',
  'identityId',
] as const satisfies readonly (keyof ReferenceRow)[]

/** A row as far as the specification is known. */
type Wanted<Row> = { readonly [Field in keyof Row]?: Row[Field] | undefined }

function wantedProfile({
  name,
  ewsUrl,
  resourceId,
  tenantId,
  hmaAppId,
  identityId,
  serverAuthority,
}: Partial<Spec>): Wanted<ProfileRow> {
  const port = ewsUrl === undefined ? undefined : Number(new URL(ewsUrl).port || 443)
  return {
    name,
    serverType: hybrid,
    incomingCredentialRetrieval: hybridModernAuth,
    outgoingCredentialRetrieval: hybridModernAuth,
    incomingLocation: ewsUrl,
    outgoingLocation: ewsUrl,
    incomingPort: port,
    outgoingPort: port,
    useAutodiscover: false,
    resourceId,
    tenantId,
    useDefaultTenantId: false,
    clientId: hmaAppId,
    identityId,
    serverAuthority,
  }
}

/** The identity is linked to both the profile and the reference: which of the two Dynamics follows is not documented. */
const wantedReference = ({ keyVaultUri, certificateName, identityId }: Partial<Spec>): Wanted<ReferenceRow> => ({
  keyVaultUri,
  keyName: certificateName,
  keyType: certificateKey,
  preauthorizedApplicationType: otherApplication,
  identityId,
})

function ambiguous(name: string | undefined, ids: readonly string[], { marks }: Marked): Difference {
  const manual =
    marks.length > 0
      ? `Several email server profiles carry the mark of this deployment: ${ids.join(', ')}. One is a copy of the other: remove the line "Managed by hma" from the description of the wrong one, and rename it.`
      : `Several email server profiles are named "${name}". Rename or delete all but one, or choose another dynamics.profile.name.`
  return { field: 'name', from: ids.join(', '), manual }
}
