import type { Azure } from '../../azure.ts'
import { isObject, listAt, objectAt, textAt } from '../../resourceManager/json.ts'
import { required } from '../erasable.ts'
import { badParameter } from '../errors.ts'
import { bodyOf, nameOf, type RequestContext, secondsOf } from '../requestContext.ts'
import { requirePermission } from '../requirePermission.ts'
import type { Key, RotationPolicy, Vault } from '../state.ts'
import { keysOf, later, rotate } from './keys.ts'

/** The default rotation policy of a key: https://learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation */
const unset: RotationPolicy = { lifetimeActions: [{ trigger: { timeBeforeExpiry: 'P30D' }, action: { type: 'Notify' } }] }

const view = (asked: RequestContext, { name, rotation = unset }: Key) => ({
  id: `${asked.var.base}/keys/${name}/rotationpolicy`,
  lifetimeActions: rotation.lifetimeActions,
  attributes: {
    ...(rotation.expiryTime !== undefined && { expiryTime: rotation.expiryTime }),
    ...(rotation.created !== undefined && { created: rotation.created, updated: rotation.updated }),
  },
})

export function getRotationPolicy(asked: RequestContext): Response {
  requirePermission(asked, 'keys', 'getrotationpolicy', nameOf(asked))
  return asked.json(view(asked, required(asked, keysOf(asked), 'key', nameOf(asked))))
}

export async function putRotationPolicy(asked: RequestContext): Promise<Response> {
  const body = await bodyOf(asked)
  requirePermission(asked, 'keys', 'setrotationpolicy', nameOf(asked))
  const key = required(asked, keysOf(asked), 'key', nameOf(asked))
  const now = secondsOf(asked.var.azure.now())
  const expiryTime = textAt(objectAt(body, 'attributes'), 'expiryTime')
  const lifetimeActions = (listAt(body, 'lifetimeActions') ?? []).map(actionIn)
  if (expiryTime !== undefined) later(new Date(0), expiryTime)
  const { created = now } = key.rotation ?? {}
  key.rotation = { lifetimeActions, ...(expiryTime !== undefined && { expiryTime }), created, updated: now }
  return asked.json(view(asked, key))
}

function actionIn(value: unknown): RotationPolicy['lifetimeActions'][number] {
  const [trigger, action] = isObject(value) ? [objectAt(value, 'trigger'), objectAt(value, 'action')] : []
  const type = /^rotate$/i.test(textAt(action ?? {}, 'type') ?? '') ? 'Rotate' : 'Notify'
  const [after, before] = [textAt(trigger ?? {}, 'timeAfterCreate'), textAt(trigger ?? {}, 'timeBeforeExpiry')]
  const time = after ?? before
  if (time === undefined) throw badParameter('A lifetime action needs a trigger: timeAfterCreate or timeBeforeExpiry.')
  later(new Date(0), time)
  return { trigger: after === undefined ? { timeBeforeExpiry: time } : { timeAfterCreate: time }, action: { type } }
}

/** Creates the versions that became due since the vault's last request. */
export async function rotateDue(azure: Azure, { keys = {} }: Vault): Promise<void> {
  for (const key of Object.values(keys).filter(({ deleted }) => !deleted))
    for (let due = dueOf(key); due !== undefined && due <= azure.now(); due = dueOf(key)) await rotate(azure, key, due)
}

function dueOf({ rotation, versions }: Key): Date | undefined {
  const trigger = rotation?.lifetimeActions.find(({ action }) => action.type === 'Rotate')?.trigger
  const last = versions.at(-1)?.attributes
  if (trigger === undefined || last === undefined) return undefined
  if (trigger.timeAfterCreate !== undefined) return later(new Date(last.created * 1000), trigger.timeAfterCreate)
  if (last.exp === undefined || trigger.timeBeforeExpiry === undefined) return undefined
  const before = later(new Date(0), trigger.timeBeforeExpiry).getTime()
  return new Date(last.exp * 1000 - before)
}
