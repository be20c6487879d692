import { type ObjectKind, objectKinds } from '../objects/kinds.ts'
import { activeObjects, wholeBody } from '../objects/objects.ts'
import type { Operation } from '../permissions.ts'
import { applicationBody, type Body, servicePrincipalBody } from '../represent.ts'
import * as shapes from '../shapes.ts'
import type { ObjectKindName, PlainObject, Tenant } from '../state.ts'

/** A collection that can be tracked, as the newest replica knows it. */
export interface Tracked {
  readonly collection: string
  /** As in `#microsoft.graph.user`. */
  readonly type: string
  readonly read: Operation
  readonly shape: shapes.Shape
  /** What is shown by default; everything, if left out. */
  readonly shown?: readonly string[] | undefined
  /** Its objects by id, including soft-deleted ones. */
  objects(tenant: Tenant): Readonly<Record<string, { readonly deletedDateTime: string | null }>>
  body(tenant: Tenant, id: string): Body | undefined
}

const showing = { keys: false }

const applications: Tracked = {
  collection: 'applications',
  type: 'application',
  read: 'read',
  shape: shapes.application,
  objects: (tenant) => tenant.applications,
  body: (tenant, id) => tenant.applications[id] && applicationBody(tenant, tenant.applications[id], showing),
}

const servicePrincipals: Tracked = {
  collection: 'servicePrincipals',
  type: 'servicePrincipal',
  read: 'read',
  shape: shapes.servicePrincipal,
  objects: (tenant) => tenant.servicePrincipals,
  body: (tenant, id) => tenant.servicePrincipals[id] && servicePrincipalBody(tenant.servicePrincipals[id], showing),
}

function plain(name: ObjectKindName): Tracked {
  const { collection, type, read, shape, shown }: ObjectKind = objectKinds[name]
  const all = ({ objects = {} }: Tenant): readonly PlainObject[] => Object.values(objects).filter(({ kind }) => kind === name)
  return {
    ...{ collection, type, read, shape, shown },
    objects: (tenant) => Object.fromEntries(all(tenant).map((object) => [object.id, object])),
    body: (tenant, id) => {
      const found = activeObjects(tenant, name).find((each) => each.id === id)
      return found && wholeBody(found)
    },
  }
}

export const tracked: readonly Tracked[] = [
  applications,
  servicePrincipals,
  plain('user'),
  plain('group'),
  plain('permissionGrant'),
]

/** What `directoryObjects` can report; a delegated grant is no directory object. */
export const directoryObjects: readonly Tracked[] = [
  ...tracked.filter(({ type }) => type !== 'oAuth2PermissionGrant'),
  plain('directoryRole'),
]
