import type { Directory } from '../azure/directory/port.ts'
import { HmaError } from '../core/errors.ts'
import type { Kind } from '../core/kind.ts'
import type { SharedReads } from './sharedReads.ts'

export type Spec = {
  /** Exchange's tenant. */
  readonly tenantId: string
  /** Office 365 Exchange Online. */
  readonly appId: string
  /** `https://mail.contoso.com`, without a trailing slash. */
  readonly names: readonly string[]
}

export type Live = {
  /** All registered names, whoever added them. */
  readonly registered: readonly string[]
}

/**
 * Adds Exchange's address to the names of Office 365 Exchange Online, for which Entra issues tokens. The list belongs to the tenant, and others rely
 * on it too: names are added and never removed, so the kind needs no mark and has no removal.
 */
export const servicePrincipalName = (directory: Directory, reads: SharedReads): Kind<Spec, Live, keyof Spec> => ({
  identity: ['tenantId', 'appId', 'names'],
  confirmations: () => 5,

  async read({ tenantId, appId, names }, run) {
    const found = await reads.servicePrincipal(tenantId, appId, run)
    const registered = found?.servicePrincipalNames ?? []
    return missing(names, registered).length < names.length ? { registered } : undefined
  },

  marks: () => ({ marks: 'parent' }),

  diff: ({ names }, { registered }) =>
    missing(names, registered).map((to) => ({ field: 'name', to, why: 'Office 365 Exchange Online does not list it' })),

  async reconcile({ tenantId, appId, names }, live, run) {
    const found = await reads.servicePrincipal(tenantId, appId, run)
    if (!found) throw noExchange(tenantId, appId)
    const seen = [live?.registered ?? [], found.servicePrincipalNames, ...(await looks(directory, tenantId, appId))]
    const present = [...new Set(seen.flat())]
    await directory.setServicePrincipalNames(tenantId, found.id, [...present, ...missing(names, present)])
  },
})

/**
 * The list can only be replaced as a whole, and a lagging replica does not show what was just added. So it is read several times first, and every
 * name that any answer showed is sent back.
 */
async function looks(directory: Directory, tenantId: string, appId: string): Promise<readonly (readonly string[])[]> {
  const answers = await Promise.all([1, 2, 3].map(() => directory.servicePrincipal(tenantId, appId)))
  return answers.map((one) => one?.servicePrincipalNames ?? [])
}

/** A trailing slash and case make no difference to Entra. */
const plain = (name: string): string => name.replace(/\/+$/, '').toLowerCase()

function missing(names: readonly string[], registered: readonly string[]): readonly string[] {
  const known = new Set(registered.map(plain))
  return names.filter((name) => !known.has(plain(name)))
}

const noExchange = (tenantId: string, appId: string): HmaError =>
  new HmaError('HMA134', `The tenant ${tenantId} has no service principal of Office 365 Exchange Online (${appId})`, {
    hint: 'Check hmaApp.tenantId: it must be the tenant with which Exchange is hybrid.',
  })
