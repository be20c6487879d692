import { block, type Entry, looked, off, type Plain, value } from '../../config/write/entry.ts'
import type { Discovery } from '../discovery.ts'
import { ewsUrlOf } from '../ewsUrl.ts'
import { known, type ReadResult } from '../readResult.ts'

export function keyVaultEntry({ vault }: Discovery): Entry {
  const { place, settings, tenantId, name } = vault
  const part = (pick: (id: { subscriptionId: string; resourceGroup: string }) => string): ReadResult<Plain> =>
    'seen' in place ? { seen: pick(place.seen) } : place
  const authorization = known(settings)?.authorization
  const how = authorization && (authorization === 'rbac' ? 'it uses role assignments' : 'it uses access policies')
  return block('keyVault', [
    looked('tenantId', tenantId),
    looked(
      'subscriptionId',
      part((id) => id.subscriptionId),
    ),
    looked(
      'resourceGroup',
      part((id) => id.resourceGroup),
    ),
    looked('name', 'seen' in place ? { seen: place.seen.name } : name, how),
  ])
}

export function exchangeEntry({ rows: { profile }, mailboxes }: Discovery): Entry {
  const url = ewsUrlOf(profile)
  const usual = 'seen' in url ? new URL(url.seen).origin : undefined
  const { resourceId } = profile
  const [first] = known(mailboxes) ?? []
  return block('exchange', [
    looked('ewsUrl', url),
    ...(resourceId === undefined || resourceId === usual ? [] : [value('resourceId', resourceId)]),
    ...(isElsewhere(usual, resourceId)
      ? [value('trustEwsHost', true, 'the profile sends the tokens for resourceId to another host')]
      : []),
    ...(first === undefined ? [] : [off('testMailbox', first, 'hma verify opens it to prove the chain')]),
  ])
}

/** Dynamics already sends its tokens there; the configuration has to state it explicitly. */
const isElsewhere = (usual: string | undefined, resourceId: string | undefined): boolean =>
  usual !== undefined &&
  resourceId !== undefined &&
  URL.canParse(resourceId) &&
  new URL(usual).hostname !== new URL(resourceId).hostname

export function dynamicsEntry({ environmentUrl, tenantId, rows: { profile }, mailboxes }: Discovery): Entry {
  const addresses = known(mailboxes) ?? []
  return block('dynamics', [
    value('environmentUrl', environmentUrl),
    value('tenantId', tenantId),
    block('profile', [value('name', profile.name)]),
    ...(addresses.length === 0
      ? []
      : [off('mailboxes', addresses, 'on the profile now; hma does nothing with them until asked')]),
  ])
}
