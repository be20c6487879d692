import type { Application, Directory } from '../azure/directory/port.ts'
import { marksInTags } from './mark.ts'

/** How the configuration names a registration: by the appId that it takes over, or by hma's own unique name. */
export type Registration = { readonly tenantId: string; readonly uniqueName: string; readonly appId?: string }

/** A registration by all the names that lead to it: last of all by its display name, as somebody may have made it by hand. */
export type Named = Registration & { readonly displayName?: string }

export interface Registered {
  readonly application: Application
  /** It waits in soft delete. */
  readonly deleted?: true
  /** The appIds of all registrations of that display name without a mark, where there is none of ours. */
  readonly strangers?: readonly string[]
}

/** The registration that goes by these names: rather than make a second one of a name, hma says that there is one. */
export async function registered(
  directory: Directory,
  { tenantId, uniqueName, appId, displayName }: Named,
  exact: () => Promise<Application | undefined>,
): Promise<Registered | undefined> {
  const found = await exact()
  if (found) return { application: found }
  const deleted = await directory.deletedApplication(tenantId, appId ? { appId } : { uniqueName })
  if (deleted) return { application: deleted, deleted: true }
  if (appId) return undefined
  const named = displayName === undefined ? [] : await directory.applicationsNamed(tenantId, displayName)
  const unmarked = named.filter((one) => marksInTags(one.tags).length === 0)
  const [first] = unmarked
  return first && { application: first, strangers: unmarked.map((one) => one.appId) }
}
