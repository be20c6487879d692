import type { Application, Directory, KeyCredential, PasswordCredential } from '../azure/directory/port.ts'
import { HmaError } from '../core/errors.ts'
import type { Difference, Kind, Observation, Run } from '../core/kind.ts'
import { isOurs, type Mark } from '../core/ownership.ts'
import { isMade, madeTag, marksInName, marksInTags, tag } from './mark.ts'
import type { SharedReads } from './sharedReads.ts'

export type Spec = {
  readonly tenantId: string
  /** Alternate key of the registration that hma makes: two concurrent creations make one. */
  readonly uniqueName: string
  readonly displayName: string
  /** Adopts this registration instead. Its display name is left as it is. */
  readonly appId?: string
  /** Notes for people who find a registration that hma made. Existing notes stay. */
  readonly notes?: string
}

export type Live = {
  readonly tenantId: string
  readonly objectId: string
  readonly appId: string
  readonly displayName: string
  readonly uniqueName?: string
  readonly tags: readonly string[]
  /** Object id of the service principal, once it exists. */
  readonly principalId?: string
  /** Its sign-in is disabled. */
  readonly disabled?: true
  /** Its notes are empty. */
  readonly unexplained?: true
  /** Unmarked registrations with that display name, if there is none of ours. */
  readonly namesakes?: readonly string[]
  /** Credentials that this deployment did not make. */
  readonly others: readonly Other[]
  readonly deleted?: true
}

type Other = Pick<PasswordCredential, 'keyId' | 'end'> & {
  readonly type: 'secret' | 'certificate'
  readonly name?: string
}

/** An app registration with its service principal. */
export const application = (directory: Directory, reads: SharedReads): Kind<Spec, Live, 'tenantId' | 'uniqueName'> => ({
  identity: ['tenantId', 'uniqueName'],
  stable: ['objectId', 'appId', 'principalId', 'tenantId'],
  confirmations: () => 5,

  async read({ tenantId, uniqueName, appId, displayName }, run) {
    const named = { tenantId, uniqueName, ...(appId && { appId }), ...(displayName !== undefined && { displayName }) }
    const found = await reads.registered(named, run)
    if (!found && appId)
      throw new HmaError(
        'HMA134',
        `There is no app registration with the appId ${appId} in the tenant ${tenantId}, not even a deleted one`,
        {
          hint: 'Correct appId (and the tenant) in the configuration, or omit appId, and hma creates the registration.',
        },
      )
    if (!found) return undefined
    const { application, deleted, namesakes } = found
    if (deleted) return { ...describe(tenantId, application, run), deleted }
    const principal = await reads.servicePrincipal(tenantId, application.appId, run)
    return {
      ...describe(tenantId, application, run),
      ...(principal && { principalId: principal.id }),
      ...(principal?.enabled === false && { disabled: true as const }),
      ...(namesakes && { namesakes }),
    }
  },

  marks: ({ tags }) => ({ marks: marksInTags(tags), shared: true }),

  async adopt({ tenantId, uniqueName, appId }, live, { owner }) {
    if (live.deleted) return directory.restoreApplication(tenantId, live.objectId)
    await directory.updateApplication(tenantId, live.objectId, {
      tags: [...live.tags, tag(owner)],
      ...(!live.uniqueName && !appId && { uniqueName }),
    })
  },

  remarks: ({ notes }, live) => (notes !== undefined && live.unexplained && !isMade(live.tags) ? [unexplained] : []),

  diff: (spec, live) => [
    ...(live.deleted ? [{ field: 'state', from: 'deleted', to: 'active', why: 'recovered from soft delete, not created' }] : []),
    ...naming(spec, live),
    ...(live.principalId || live.deleted ? [] : [{ field: 'servicePrincipal', from: false, to: true }]),
    ...(live.disabled ? [{ field: 'accountEnabled', from: false, to: true, why: 'disabled, it cannot sign in' }] : []),
    ...(lacksNotes(spec, live) ? [{ field: 'notes', to: spec.notes }] : []),
  ],

  async reconcile(spec, live, { owner }) {
    const { tenantId, uniqueName, displayName, appId, notes } = spec
    const tags = [tag(owner), madeTag(owner)]
    if (!live)
      return directory.createApplication(tenantId, { uniqueName, displayName, tags, ...(notes !== undefined && { notes }) })
    if (live.deleted) await directory.restoreApplication(tenantId, live.objectId)
    const marked = live.tags.includes(tag(owner)) ? live.tags : [...live.tags, tag(owner)]
    const change = {
      ...(marked.length !== live.tags.length && { tags: marked }),
      ...(!live.uniqueName && !appId && { uniqueName }),
      ...(!appId && live.displayName !== displayName && { displayName }),
      ...(lacksNotes(spec, live) && notes !== undefined && { notes }),
    }
    if (Object.keys(change).length > 0) await directory.updateApplication(tenantId, live.objectId, change)
    if (!live.principalId) await ensurePrincipal(directory, tenantId, live.appId)
    else if (live.disabled) await directory.enableServicePrincipal(tenantId, live.principalId)
  },

  /** A registration that others use, or that hma only adopted, loses hma's mark and stays. */
  async remove(seen, run) {
    const { owner, note } = run
    // Another deployment may have started to use it since the survey.
    const found = await directory.application(seen.tenantId, { appId: seen.appId })
    const live = found ? describe(seen.tenantId, found, run) : seen
    const sharers = othersOf(live.tags, owner)
    const made = live.tags.includes(madeTag(owner))
    if (made && sharers.length === 0 && live.others.length === 0) return directory.deleteApplication(live.tenantId, live.objectId)
    note(
      `${live.displayName} (${live.appId}) stays: ${made ? 'others use it too' : 'hma did not make it'}. Only hma's mark is removed.`,
    )
    const tags = live.tags.filter((one) => one !== tag(owner) && one !== madeTag(owner))
    await directory.updateApplication(live.tenantId, live.objectId, { tags })
  },
})

/** Other deployments that use the registration. */
export const othersOf = (tags: readonly string[], owner: string): Mark[] =>
  marksInTags(tags).filter(({ deployment }) => deployment !== owner)

/** hma writes notes only on what it made. */
const lacksNotes = ({ notes }: Partial<Spec>, { unexplained, tags, deleted }: Live): boolean =>
  notes !== undefined && unexplained === true && !deleted && isMade(tags)

/** Usage reports for the EWS retirement do not show it, so people who clean up may take it for unused. */
const unexplained: Observation = {
  severity: 'info',
  text: 'The registration has no notes. An administrator who prepares for the EWS retirement in Exchange Online may take it for an unused app with full_access_as_app and remove it.',
  hint: 'Say in its notes what it is for (Entra, Branding & properties). The guide "EWS retirement" has a text.',
}

function describe(tenantId: string, found: Application, { owner }: Run): Live {
  return {
    tenantId,
    objectId: found.objectId,
    appId: found.appId,
    displayName: found.displayName,
    tags: found.tags,
    others: [
      ...found.passwordCredentials.flatMap((one) => otherThan(owner, 'secret', one)),
      ...found.keyCredentials.flatMap((one) => otherThan(owner, 'certificate', one)),
    ],
    ...(found.uniqueName !== undefined && { uniqueName: found.uniqueName }),
    ...(!found.notes && { unexplained: true as const }),
  }
}

type Credential = Pick<KeyCredential | PasswordCredential, 'keyId' | 'end' | 'displayName'>

const otherThan = (owner: string, type: Other['type'], { keyId = '', end, displayName }: Credential): Other[] =>
  isOurs({ marks: marksInName(displayName) }, owner)
    ? []
    : [{ type, keyId, end, ...(displayName !== undefined && { name: displayName }) }]

function naming(spec: Partial<Spec>, live: Live): Difference[] {
  return [
    ...(live.namesakes ? [unmarked(spec, live, live.namesakes)] : []),
    ...(!live.uniqueName && !spec.appId && !live.namesakes ? [{ field: 'uniqueName', to: spec.uniqueName }] : []),
    ...(!spec.appId && spec.displayName !== undefined && live.displayName !== spec.displayName
      ? [{ field: 'displayName', from: live.displayName, to: spec.displayName }]
      : []),
  ]
}

/** A single one can be adopted; if there are several, or hma's name is taken, a person has to choose. */
function unmarked({ displayName }: Partial<Spec>, { uniqueName }: Live, appIds: readonly string[]): Difference {
  const several = appIds.length > 1
  const why = several
    ? `several registrations are named "${displayName}"`
    : `a registration named "${displayName}" exists that hma did not make`
  const manual = `Add the appId of the registration you mean (${appIds.join(' or ')}) to the configuration, or choose another displayName.`
  return { field: 'appId', from: appIds.join(', '), why, ...((several || uniqueName) && { manual }) }
}

/** Restoring an application does not restore its service principal (https://learn.microsoft.com/graph/api/directory-deleteditems-restore). */
async function ensurePrincipal(directory: Directory, tenantId: string, appId: string): Promise<void> {
  const deleted = await directory.deletedServicePrincipal(tenantId, appId)
  if (deleted) await directory.restoreServicePrincipal(tenantId, deleted.id)
  else await directory.createServicePrincipal(tenantId, appId)
}
