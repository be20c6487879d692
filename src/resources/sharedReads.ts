import type { Dataverse, Organization, Profile } from '../azure/dataverse/port.ts'
import type { Application, Directory, ServicePrincipal } from '../azure/directory/port.ts'
import type {
  CertificateOperation,
  DeletedCertificate,
  KeyVault,
  UnissuedCertificate,
  VaultCertificate,
} from '../azure/keyVault/port.ts'
import type { ResourceManager, Vault, VaultId } from '../azure/resourceManager/port.ts'
import type { Run } from '../core/kind.ts'
import { isNear, overriding, type Restrictions } from '../observations/policy.ts'
import { ifReadable } from '../observations/unchecked.ts'
import { isMadeVault, marksInVaultTags } from './mark.ts'
import { type Named, type Registered, type Registration, registered } from './registered.ts'

/** One answer for all who read the same thing within one poll. */
function remember<Answer>() {
  const polls = new WeakMap<object, Map<string, Promise<Answer>>>()
  return ({ poll }: Run, key: string, read: () => Promise<Answer>): Promise<Answer> => {
    const answers = polls.get(poll) ?? new Map<string, Promise<Answer>>()
    polls.set(poll, answers)
    const answer = answers.get(key) ?? read()
    answers.set(key, answer)
    return answer
  }
}

/** How many consecutive answers, up to the last, showed each credential of a registration. Each answer counts, whichever kind requested it. */
function consecutiveAnswers() {
  const shown = new Map<string, ReadonlyMap<string | undefined, number>>()
  return {
    of: (registration: string, keyId: string | undefined): number => shown.get(registration)?.get(keyId) ?? 0,
    note(registration: string, found: Application | undefined): void {
      const before = shown.get(registration)
      const credentials = found ? [...found.keyCredentials, ...found.passwordCredentials] : []
      shown.set(registration, new Map(credentials.map(({ keyId }) => [keyId, (before?.get(keyId) ?? 0) + 1])))
    },
  }
}

export interface CertificateState {
  readonly current: VaultCertificate | undefined
  /** Those of the current version or, if it lacks ours, those of a version that has them. */
  readonly tags: Readonly<Record<string, string>>
  readonly operation: CertificateOperation | undefined
  /** The certificate has no version. */
  readonly unissued: UnissuedCertificate | undefined
  /** Read only if none of the others exists. */
  readonly deleted: DeletedCertificate | undefined
}

/** What several kinds need, read once for all of them. */
export interface SharedReads {
  application(registration: Registration, run: Run): Promise<Application | undefined>
  /** How many consecutive answers showed this credential: replicas lag and flap. */
  shown(registration: Registration, keyId: string | undefined): number
  /** The same, even if it is deleted or matches by display name only. */
  registered(named: Named, run: Run): Promise<Registered | undefined>
  servicePrincipal(tenantId: string, appId: string, run: Run): Promise<ServicePrincipal | undefined>
  /** The service principal of a Microsoft API, for its roles. hma never changes them, so one answer serves all polls. */
  api(tenantId: string, appId: string, run: Run): Promise<ServicePrincipal | undefined>
  certificate(vault: string, name: string, run: Run): Promise<CertificateState>
  /** The id of the organization, which distinguishes an environment from its copy. */
  organizationId(organization: Organization): Promise<string>
  profiles(organization: Organization, key: { id: string; name: string }, run: Run): Promise<readonly Profile[]>
  vault(tenantId: string, id: VaultId, run: Run): Promise<Vault | undefined>
  /**
   * The restrictions by policies of the tenant and of the registration. Each is read once per run: they change rarely, and nothing
   * fails if they cannot be read. The registration's is read if the tenant's restricts something, which it may
   * lift, or if one of these credentials expires soon.
   */
  restrictions(registration: Registration, credentials: 'passwordCredentials' | 'keyCredentials', run: Run): Promise<Restrictions>
}

export interface Ports {
  readonly directory: Directory
  readonly keyVault: KeyVault
  readonly resourceManager: ResourceManager
  readonly dataverse: Dataverse
}

export function createSharedReads({ directory, keyVault, resourceManager, dataverse }: Ports): SharedReads {
  const applications = remember<Application | undefined>()
  const credentials = consecutiveAnswers()
  const registrations = remember<Registered | undefined>()
  const principals = remember<ServicePrincipal | undefined>()
  const apis = new Map<string, ServicePrincipal>()
  const certificates = remember<CertificateState>()
  const profiles = remember<readonly Profile[]>()
  const vaults = remember<Vault | undefined>()
  const policies = new Map<string, Promise<Restrictions>>()
  const organizations = new Map<string, Promise<string>>()

  const certificate = async (vault: string, name: string): Promise<CertificateState> => {
    const [current, unissued, operation] = await Promise.all([
      keyVault.certificate(vault, name),
      keyVault.unissued(vault, name),
      keyVault.operation(vault, name),
    ])
    const deleted = current || unissued || operation ? undefined : await keyVault.deletedCertificate(vault, name)
    const unmarked = current && marksInVaultTags(current.tags).length === 0
    const former = unmarked
      ? (await keyVault.certificateTags(vault, name)).find((tags) => marksInVaultTags(tags).length > 0)
      : undefined
    return { current, tags: former ?? current?.tags ?? unissued?.tags ?? {}, unissued, operation, deleted }
  }

  const application: SharedReads['application'] = (registration, run) => {
    const { tenantId, uniqueName, appId } = registration
    return applications(run, keyOf(registration), async () => {
      const found = await directory.application(tenantId, appId ? { appId } : { uniqueName })
      credentials.note(keyOf(registration), found)
      return found
    })
  }

  const servicePrincipal: SharedReads['servicePrincipal'] = (tenantId, appId, run) =>
    principals(run, `${tenantId} ${appId}`, () => directory.servicePrincipal(tenantId, appId))

  const policy = (key: string, read: () => ReturnType<Directory['credentialRestrictions']>): Promise<Restrictions> => {
    const found = policies.get(key) ?? restrictionsOf(read())
    policies.set(key, found)
    return found
  }

  return {
    application,
    shown: (registration, keyId) => credentials.of(keyOf(registration), keyId),
    registered: (named, run) =>
      registrations(run, `${named.tenantId} ${named.appId ?? named.uniqueName} ${named.displayName}`, () =>
        registered(directory, named, () => application(named, run)),
      ),
    servicePrincipal,
    async api(tenantId, appId, run) {
      const found = apis.get(`${tenantId} ${appId}`) ?? (await servicePrincipal(tenantId, appId, run))
      // A tenant may get one later: absence is not cached.
      if (found) apis.set(`${tenantId} ${appId}`, found)
      return found
    },
    certificate: (vault, name, run) => certificates(run, `${vault} ${name}`, () => certificate(vault, name)),
    // It never changes, so one answer serves all polls; a refusal may pass.
    organizationId(organization) {
      const { environmentUrl } = organization
      const known = organizations.get(environmentUrl) ?? dataverse.organizationId(organization)
      organizations.set(environmentUrl, known)
      known.catch(() => organizations.delete(environmentUrl))
      return known
    },
    profiles: (organization, key, run) =>
      profiles(run, `${organization.environmentUrl} ${key.id}`, () => dataverse.profiles(organization, key)),
    async restrictions(registration, list, run) {
      const { tenantId } = registration
      const own = (objectId: string) =>
        policy(`${tenantId} ${objectId}`, () => directory.assignedRestrictions(tenantId, objectId))
      const registered = application(registration, run)
      // At once if needed anyway: a plan takes three polls.
      const [tenants, found, near] = await Promise.all([
        policy(tenantId, () => directory.credentialRestrictions(tenantId)),
        registered,
        registered.then((one) => (one?.[list].some(({ end }) => isNear(end, run.now)) ? own(one.objectId) : undefined)),
      ])
      const general = tenants.found ?? []
      const assigned = near ?? (found && general.length > 0 ? await own(found.objectId) : { found: [] })
      return { ...tenants, ...assigned, ...(tenants.found && { found: overriding(general, assigned.found ?? []) }) }
    },
    vault: (tenantId, id, run) =>
      vaults(run, `${id.subscriptionId} ${id.name}`, () => {
        // If there is one, it is read next.
        keyVault.prepare(tenantId)
        return resourceManager.vault(tenantId, id).then((found) => found && withAccessModel(found))
      }),
  }
}

/** hma always sets the access model, and Azure shows access policies: a vault made by hma that shows none has roles. */
const withAccessModel = (vault: Vault): Vault =>
  vault.guessed && isMadeVault(vault.tags) ? { ...vault, authorization: 'rbac' } : vault

const keyOf = ({ tenantId, uniqueName, appId }: Registration): string => `${tenantId} ${appId ?? uniqueName}`

const restrictionsOf = (call: ReturnType<Directory['credentialRestrictions']>): Promise<Restrictions> =>
  ifReadable<Restrictions, Restrictions>(
    call.then((found) => ({ found })),
    (unread) => ({ unread }),
  )
