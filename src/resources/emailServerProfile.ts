import type { Dataverse, Organization, ProfileRow, ReferenceRow } from '../azure/dataverse/port.ts'
import { changed, fields } from '../core/diff.ts'
import type { Difference, Kind } from '../core/kind.ts'
import { profileMark } from './mark.ts'
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
  /** The row with KV-App's secret, which `clientSecret` delivers. */
  readonly identityId: string
  /** Dataverse: 0 public and GCC, 1 US government, 2 China, 3 as the Dynamics cloud says. */
  readonly serverAuthority?: number
}

export type Live = {
  readonly organization: Organization
  readonly id: string
  readonly mark?: string
  /** Absent where a run died between the two rows: then only the reference is there. */
  readonly profile?: ProfileRow
  readonly reference?: ReferenceRow
  /** Profiles of that name, where there is more than one. */
  readonly strangers?: readonly string[]
}

/**
 * The email server profile: the row itself and the row that says where the certificate is. The third, with KV-App's
 * secret, is `clientSecret`'s. The option values are those of
 * https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile.
 */
export const emailServerProfile = (
  dataverse: Dataverse,
  sight: SharedReads,
): Kind<Spec, Live, 'organization' | 'profileId' | 'referenceId' | 'name'> => ({
  identity: ['organization', 'profileId', 'referenceId', 'name'],
  stable: ['id'],

  async read({ organization, profileId, referenceId, name }, run) {
    const found = await sight.profiles(organization, { id: profileId, name }, run)
    const ours = found.find((one) => one.profile.id === profileId || mentions(one.profile, run.owner))
    const one = ours ?? found[0]
    if (!one) {
      const reference = await dataverse.reference(organization, referenceId)
      return reference && { organization, id: profileId, mark: run.owner, reference }
    }
    const strangers = ours ? [] : found.map(({ profile }) => profile.id)
    return {
      organization,
      id: one.profile.id,
      profile: one.profile,
      ...(one.reference && { reference: one.reference }),
      ...(ours && { mark: run.owner }),
      ...(strangers.length > 1 && { strangers }),
    }
  },

  owner: (live) => live.mark,

  adopt: ({ organization }, { id, profile }, { owner }) =>
    dataverse.putProfile(organization, { id, description: describe(profile?.description, owner) }),

  diff: (spec, live) => [
    ...(live.strangers ? [ambiguous(spec.name, live.strangers)] : []),
    ...fields(wantedProfile(spec), live.profile ?? {}, profileFields),
    ...fields(wantedReference(spec), live.reference ?? {}, referenceFields),
    ...(isInactive(live) ? [inactive] : []),
    ...(live.reference ? [] : [{ field: 'keyVaultReference', from: null, why: 'the profile points to no Key Vault reference' }]),
  ],

  async reconcile(spec, live, { owner }) {
    const id = live?.id ?? spec.profileId
    const referenceId = live?.reference?.id ?? spec.referenceId
    if (!live?.reference || fields(wantedReference(spec), live.reference, referenceFields).length > 0)
      await dataverse.putReference(spec.organization, {
        id: referenceId,
        ...changed(wantedReference(spec), live?.reference, referenceFields),
      })
    const change = {
      ...changed(wantedProfile(spec), live?.profile, profileFields),
      ...(live?.profile?.referenceId !== referenceId && { referenceId }),
      // It cannot be given to a row that is made.
      ...(live && isInactive(live) && { state: active }),
    }
    const description =
      live?.profile && mentions(live.profile, owner) ? {} : { description: describe(live?.profile?.description, owner) }
    if (Object.keys({ ...change, ...description }).length > 0)
      await dataverse.putProfile(spec.organization, { id, ...change, ...description })
  },

  /** The profile first: deleting the row that it points to would break it silently. */
  async remove({ organization, id, reference }) {
    await dataverse.deleteRow(organization, 'emailserverprofiles', id)
    if (reference) await dataverse.deleteRow(organization, 'keyvaultreferences', reference.id)
  },
})

const active = 0

const isInactive = ({ profile }: Live): boolean => profile?.state !== undefined && profile.state !== active

const inactive: Difference = {
  ...{ field: 'state', from: 'deactivated', to: 'active' },
  why: 'Dynamics synchronises nothing through a profile that is deactivated',
}

const mentions = (profile: ProfileRow, owner: string): boolean => profile.description?.includes(profileMark(owner)) ?? false

const describe = (description: string | undefined, owner: string): string =>
  [description, profileMark(owner)].filter(Boolean).join('\n')

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

/** The identity hangs on the profile and on the reference: which of the two Dynamics follows is not documented. */
const wantedReference = ({ keyVaultUri, certificateName, identityId }: Partial<Spec>): Wanted<ReferenceRow> => ({
  keyVaultUri,
  keyName: certificateName,
  keyType: certificateKey,
  preauthorizedApplicationType: otherApplication,
  identityId,
})

const ambiguous = (name: string | undefined, ids: readonly string[]): Difference => ({
  field: 'name',
  from: ids.join(', '),
  manual: `Several email server profiles are named "${name}". Rename or delete all but one, or choose another dynamics.profile.name.`,
})
