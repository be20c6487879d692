import type { Diagnostic } from '../diagnostic.ts'
import type { Reading } from '../read/reader.ts'
import { diagnose, position, type Source } from '../read/source.ts'
import { type Draft, locate, pointer } from './draft.ts'
import { scriptFiles } from './exchangeFiles.ts'
import { mailboxesOf } from './mailboxList.ts'

/** One document, with what is needed to compare it with the others. */
export interface Neighbour {
  readonly source: Source
  readonly reading: Reading
  readonly draft: Draft
}

/** Something that only one deployment may have. */
interface Claim {
  readonly key: string
  readonly pointer: string
  readonly message: string
  readonly hint: string
  /** Both can be applied, but they interfere with each other. */
  readonly severity?: 'warning'
}

/** The first document with a claim, and where it is. */
interface Earlier {
  readonly neighbour: Neighbour
  readonly place: string
}

/**
 * What two deployments both claim, reported in the later one with a pointer to the earlier. hma cannot say which is right,
 * so the result lists it for both.
 */
export function conflicts(neighbours: readonly Neighbour[]): ReadonlyMap<Neighbour, readonly Diagnostic[]> {
  const first = new Map<string, Earlier>()
  const found = new Map<Neighbour, Diagnostic[]>()
  for (const neighbour of neighbours)
    for (const claim of claims(neighbour.draft)) {
      const { earlier, told } = register(claim, neighbour, first)
      if (!earlier) continue
      for (const one of [earlier, neighbour]) found.set(one, [...(found.get(one) ?? []), told])
    }
  return found
}

function register({ key, message, hint, pointer, severity }: Claim, neighbour: Neighbour, first: Map<string, Earlier>) {
  const { source, reading } = neighbour
  const { range } = locate(reading, { pointer, code: 'HMA109', message })
  const { line, column } = position(source, range[0])
  const earlier = first.get(key)
  if (!earlier) first.set(key, { neighbour, place: `${source.file}:${line}:${column}` })
  return {
    earlier: earlier?.neighbour,
    told: diagnose(source, range, {
      ...(severity && { severity }),
      code: 'HMA109',
      message: `${message}: ${earlier?.place}.`,
      hint,
    }),
  }
}

/** Duplicates within a document are reported by another check; here each counts once. */
const claims = (draft: Draft): readonly Claim[] =>
  [ownName, vaultObjects, ownProfile, ownFiles, ownMailboxes, ownRegistrations]
    .flatMap((claim) => claim(draft))
    .filter(({ key }, index, all) => all.findIndex((one) => one.key === key) === index)

function ownName(draft: Draft): Claim[] {
  const name = draft.text('name')
  const hint = 'The name is part of every mark that hma sets. Choose another.'
  return name === undefined
    ? []
    : [{ key: `name ${name}`, pointer: pointer('name'), message: 'Another deployment has this name', hint }]
}

/** A certificate owns the secret of the same name, so they share one set of names. */
function vaultObjects(draft: Draft): Claim[] {
  const vault = draft.text('keyVault', 'name')?.toLowerCase()
  const place = draft.text('cloud', 'keyVaultSuffix') ?? draft.text('cloud')
  const hint = 'Choose another name, or another vault.'
  const message = 'Another deployment has an object of this name in the same vault'
  const secret = draft.text('keyVaultApp', 'clientSecret', 'vaultSecretName')?.toLowerCase()
  const certificate = draft.text('certificate', 'name')?.toLowerCase()
  const paths = [
    { name: certificate, path: ['certificate', 'name'] },
    { name: secret === certificate ? undefined : secret, path: ['keyVaultApp', 'clientSecret', 'vaultSecretName'] },
  ]
  return paths.flatMap(({ name, path }) =>
    name === undefined || vault === undefined
      ? []
      : [{ key: `object ${place} ${vault} ${name}`, pointer: pointer(...path), message, hint }],
  )
}

function ownProfile(draft: Draft): Claim[] {
  const [environment, name] = [environmentOf(draft), draft.text('dynamics', 'profile', 'name')]
  if (environment === undefined || name === undefined) return []
  const key = `profile ${environment} ${name.toLowerCase()}`
  const message = 'Another deployment has a profile of this name in the same environment'
  return [{ key, pointer: pointer('dynamics', 'profile', 'name'), message, hint: 'Choose another name for the profile.' }]
}

function ownMailboxes(draft: Draft): Claim[] {
  const environment = environmentOf(draft)
  const hint = 'A mailbox has one profile: each apply would move it to its own profile. Remove it from one of the two.'
  const message = 'Another deployment puts this mailbox on its profile'
  return mailboxesOf(draft).flatMap(({ address, path }) =>
    environment === undefined || address === undefined
      ? []
      : [{ key: `mailbox ${environment} ${address}`, pointer: path, message, hint, severity: 'warning' as const }],
  )
}

function ownRegistrations(draft: Draft): Claim[] {
  const vaultTenant = draft.text('keyVault', 'tenantId')
  const tenants = { keyVaultApp: vaultTenant, hmaApp: draft.text('hmaApp', 'tenantId') ?? vaultTenant }
  const hint = 'hma does not take over what another deployment manages: omit appId, and it creates its own registration.'
  const message = 'Another deployment names the same registration'
  return (['keyVaultApp', 'hmaApp'] as const).flatMap((role) => {
    const [tenant, appId] = [tenants[role], draft.text(role, 'appId')]
    if (tenant === undefined || appId === undefined) return []
    const key = `registration ${tenant} ${appId}`.toLowerCase()
    return [{ key, pointer: pointer(role, 'appId'), message, hint, severity: 'warning' as const }]
  })
}

const environmentOf = (draft: Draft): string | undefined =>
  draft.text('dynamics', 'environmentUrl')?.toLowerCase().replace(/\/$/, '')

const ownFiles = (draft: Draft): Claim[] =>
  scriptFiles(draft).map(({ path, at }) => ({
    ...{ key: `file ${path}`, pointer: at, hint: 'Choose another file.' },
    message: 'Another deployment writes its script to this file',
  }))
