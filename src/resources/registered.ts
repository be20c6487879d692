import type { Application, Directory } from '../azure/directory/port.ts'
import { marksInTags } from './mark.ts'

/** How the configuration names a registration: by the appId to adopt, or by hma's own unique name. */
export type Registration = { readonly tenantId: string; readonly uniqueName: string; readonly appId?: string }

/** A registration, found by any of its names; finally by its display name, in case it was created by hand. */
export type Named = Registration & { readonly displayName?: string }

export interface Registered {
  readonly application: Application
  /** It is soft-deleted. */
  readonly deleted?: true
  /** The appIds of all unmarked registrations with that display name, if there is none of ours. */
  readonly namesakes?: readonly string[]
}

/** The registration with one of these names. Rather than create a second one with the same name, hma reports the existing one. */
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
  return first && { application: first, namesakes: unmarked.map((one) => one.appId) }
}
