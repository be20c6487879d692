import { X509Certificate } from 'node:crypto'
import type { Copy } from 'hma-sandbox'
import type { CopiedDeployment, Snapshot } from './format.ts'
import { isBody } from './recording.ts'

/** A contradiction in a snapshot that its schema cannot express, with its JSON pointer. */
export interface Fault {
  readonly at: string
  readonly text: string
}

/** The first contradiction in a snapshot that matches its schema. */
export const faultOf = ({ takenAt, deployments }: Snapshot): Fault | undefined =>
  first([
    ...timesIn({ takenAt }, ''),
    ...duplicates(deployments, '/deployments', ({ name }) => name),
    ...deployments.flatMap((one, index) => faultsOf(one, `/deployments/${index}`)),
  ])

const first = ([fault]: readonly Fault[]): Fault | undefined => fault

const faultsOf = ({ copy }: CopiedDeployment, at: string): readonly Fault[] => [
  ...timesIn(copy, `${at}/copy`),
  ...repeated(copy).map((fault) => ({ ...fault, at: `${at}/copy${fault.at}` })),
  ...dangling(copy).map((fault) => ({ ...fault, at: `${at}/copy${fault.at}` })),
  ...unreadable(copy).map((fault) => ({ ...fault, at: `${at}/copy${fault.at}` })),
]

/** Seconds since 1970, Key Vault's format. */
const seconds = new Set(['nbf', 'exp', 'created', 'updated', 'deletedDate', 'scheduledPurgeDate'])
const endOfTime = Date.UTC(9999, 11, 31)

/** Properties for start and end: the end is never before the start. */
const spans = [
  ['startDateTime', 'endDateTime'],
  ['nbf', 'exp'],
  ['deletionDate', 'scheduledPurgeDate'],
  ['deletedDate', 'scheduledPurgeDate'],
] as const

const instantOf = (value: unknown): number => (typeof value === 'number' ? value * 1000 : Date.parse(String(value)))

/** Impossible times, or periods that end before they start, at any depth. */
function timesIn(value: unknown, at: string): Fault[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => timesIn(item, `${at}/${index}`))
  if (!isBody(value)) return []
  return [
    ...Object.entries(value).flatMap(([name, inner]) => {
      const place = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      return isTime(name, inner) && !isPossible(inner) ? [{ at: place, text: 'is no time' }] : timesIn(inner, place)
    }),
    ...spans.flatMap(([from, to]) =>
      instantOf(value[to]) < instantOf(value[from]) ? [{ at: `${at}/${to}`, text: `is before ${from}` }] : [],
    ),
  ]
}

const isTime = (name: string, value: unknown): boolean =>
  typeof value === 'string' ? /^\d{4}-\d\d-\d\dT/.test(value) : typeof value === 'number' && seconds.has(name)

const isPossible = (value: unknown): boolean => Math.abs(instantOf(value)) <= endOfTime

/** Lists whose entries must be unique. */
const repeated = (copy: Copy): readonly Fault[] => [
  ...(['applications', 'deletedApplications', 'servicePrincipals', 'consents'] as const).flatMap((name) =>
    duplicates(copy[name], `/${name}`, ({ body }) => body.id),
  ),
  ...duplicates(copy.applications, '/applications', ({ body }) => body.appId),
  ...copy.applications.flatMap(({ body }, index) =>
    ['keyCredentials', 'passwordCredentials'].flatMap((list) =>
      duplicates(bodiesAt(body[list]), `/applications/${index}/body/${list}`, ({ keyId }) => keyId),
    ),
  ),
  ...duplicates(copy.vaults, '/vaults', ({ name }) => name),
  ...duplicates(copy.roleAssignments, '/roleAssignments', ({ name }) => name),
  ...duplicates(copy.certificates, '/certificates', ({ vault, name }) => `${vault}/${name}`),
  ...duplicates(copy.secrets, '/secrets', ({ vault, name }) => `${vault}/${name}`),
  ...copy.secrets.flatMap(({ versions }, index) => duplicates(versions, `/secrets/${index}/versions`, ({ id }) => id)),
  ...duplicates(copy.organizations, '/organizations', ({ environmentUrl }) => environmentUrl),
  ...duplicates(copy.profiles, '/profiles', ({ body }) => body.emailserverprofileid),
  ...duplicates(copy.mailboxes, '/mailboxes', ({ body }) => body.mailboxid),
]

const bodiesAt = (value: unknown) => (Array.isArray(value) ? value.filter(isBody) : [])

/** Duplicates: every entry whose name has occurred before. */
function duplicates<Item>(items: readonly Item[], at: string, nameOf: (item: Item) => unknown): Fault[] {
  const seen = new Set<string>()
  return items.flatMap((item, index) => {
    const name = nameOf(item)
    const known = typeof name === 'string' ? name.toLowerCase() : undefined
    if (known !== undefined && seen.has(known)) return [{ at: `${at}/${index}`, text: `appears twice: ${String(name)}` }]
    if (known !== undefined) seen.add(known)
    return []
  })
}

/** Ids of objects that the copy must contain but does not. */
function dangling(copy: Copy): Fault[] {
  const ids = (items: Copy['applications'], name: string) => new Set(items.map(({ body }) => body[name]))
  const [applications, principals] = [ids(copy.applications, 'id'), ids(copy.servicePrincipals, 'id')]
  const keys = new Set(copy.applications.flatMap(({ body }) => bodiesAt(body.passwordCredentials).map(({ keyId }) => keyId)))
  return [
    ...copy.assignedPolicies.flatMap(({ applicationId }, index) =>
      applications.has(applicationId) ? [] : [lost(`/assignedPolicies/${index}/applicationId`, applicationId)],
    ),
    ...copy.consents.flatMap(({ body: { principalId } }, index) =>
      principals.has(principalId) ? [] : [lost(`/consents/${index}/body/principalId`, principalId)],
    ),
    ...Object.entries(copy.held).flatMap(([row, keyId]) => (keys.has(keyId) ? [] : [lost(`/held/${row}`, keyId)])),
  ]
}

const lost = (at: string, id: unknown): Fault => ({ at, text: `leads to nothing in the copy: ${String(id)}` })

/** Invalid certificates and addresses. */
const unreadable = ({ certificates, brought, organizations, profiles, mailboxes, rows, exchange }: Copy): readonly Fault[] => [
  ...certificates.flatMap(({ bundle: { cer } }, index) => notA('certificate', cer, `/certificates/${index}/bundle/cer`)),
  ...brought.flatMap((der, index) => notA('certificate', der, `/brought/${index}`)),
  ...Object.entries({ organizations, profiles, mailboxes, rows }).flatMap(([list, items]) =>
    items.flatMap(({ environmentUrl }, index) => notA('address', environmentUrl, `/${list}/${index}/environmentUrl`)),
  ),
  ...exchange.flatMap(({ ewsUrl }, index) => notA('address', ewsUrl, `/exchange/${index}/ewsUrl`)),
]

function notA(what: 'certificate' | 'address', value: unknown, at: string): Fault[] {
  // A version waiting for its certificate has no certificate yet.
  if (value === undefined || value === '') return []
  const text = String(value)
  const isOne = what === 'address' ? URL.canParse(text) : isCertificate(text)
  return isOne ? [] : [{ at, text: `is no ${what}` }]
}

function isCertificate(der: string): boolean {
  try {
    return new X509Certificate(Buffer.from(der, 'base64')).serialNumber !== ''
  } catch {
    return false
  }
}
