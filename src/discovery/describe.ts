import { annotated, type Entry, unreadIn, value } from '../config/write/entry.ts'
import { certificateEntry } from './describe/certificate.ts'
import { deploymentName, type ExistingDeployment, nameRemarks } from './describe/name.ts'
import { hmaAppEntry, keyVaultAppEntry } from './describe/registrations.ts'
import { dynamicsEntry, exchangeEntry, keyVaultEntry } from './describe/rest.ts'
import type { Discovery } from './discovery.ts'
import { known } from './readResult.ts'
import type { ImportRemark } from './remark.ts'
import { unseenRemarks } from './remarks/unseen.ts'
import { importRemarks } from './remarks.ts'

/** What the description depends on, apart from what was found. */
export interface DescriptionContext {
  readonly now: Date
  /** The cloud, and how to sign in to these tenants or to all, from the configuration at hand. */
  access(tenants: ReadonlySet<string> | undefined): readonly Entry[]
  /** Deployments for which the user already has configurations. */
  readonly neighbours: readonly ExistingDeployment[]
}

/** The configuration that describes what was found, with all remarks. */
export interface Description {
  /** Paragraphs for the top of the file. */
  readonly header: readonly string[]
  readonly entries: readonly Entry[]
  readonly notes: readonly ImportRemark[]
}

/** The configuration for what was found. Pure. */
export function describe(found: Discovery, { now, access, neighbours }: DescriptionContext): Description {
  const signIn = access(tenantsOf(found))
  const entries = [
    value('apiVersion', 'hma/v1'),
    value('name', deploymentName(found, neighbours), 'part of every mark that hma sets; it cannot be changed later'),
    ...signIn,
    keyVaultEntry(found),
    certificateEntry(found),
    keyVaultAppEntry(found),
    hmaAppEntry(found),
    exchangeEntry(found),
    dynamicsEntry(found),
  ]
  const unread = unreadIn(entries)
  const remarks = [
    ...nameRemarks(found, neighbours),
    ...unseenRemarks(found, new Set(unread.map(({ why }) => why))),
    ...importRemarks(found, now),
  ]
  const notes = [...unread.map(({ why: _why, ...note }) => note), ...remarks]
  return { header: header(found, now, signIn), entries: annotated(entries, remarks), notes }
}

/** The tenants of what was found; undefined if one of them could not be read. */
function tenantsOf({ tenantId, vault, hmaApp }: Discovery): ReadonlySet<string> | undefined {
  const all = [tenantId, known(vault.tenantId), known(hmaApp.tenantId)]
  const read = all.filter((one) => one !== undefined)
  return read.length === all.length ? new Set(read.map((one) => one.toLowerCase())) : undefined
}

const chain =
  'Sign-in: without a block `auth` hma takes what it finds for each tenant: environment variables, a workload or managed identity, or the account of `az login`.'

function header({ environmentUrl, rows, vault, hmaApp }: Discovery, now: Date, signIn: readonly Entry[]): readonly string[] {
  const [vaultTenant, mailTenant] = [known(vault.tenantId), known(hmaApp.tenantId)]
  const two = vaultTenant !== undefined && mailTenant !== undefined && vaultTenant !== mailTenant
  return [
    `Read on ${now.toISOString().slice(0, 10)} from the email server profile "${rows.profile.name}" of ${environmentUrl}.${
      two ? ' The vault lies in one tenant, Exchange in another.' : ''
    } Read it before you use it.`,
    [
      '  hma validate              is this file valid?',
      '  hma plan                  what would change?',
      '  hma adopt                 manage what exists: hma marks it, and changes nothing else',
      '  hma apply                 correct what differs from this file; on a schedule, renew what expires',
    ].join('\n'),
    ...(signIn.some(({ key }) => key === 'auth') ? [] : [chain]),
  ]
}
