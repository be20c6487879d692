import { afterEach, expect, test } from 'vitest'
import type { Settings } from '../../src/sandbox/azure.ts'
import { type Stage, stage, type Variant } from '../support/deployment.ts'

let open: Stage | undefined
afterEach(async () => {
  await open?.close()
  open = undefined
})

const day = 86_400_000

/** Where Microsoft's documentation leaves a choice, the services may do either, and hma arrives all the same. */
const choices: readonly (readonly [string, Partial<Settings>, Variant])[] = [
  ['access policies are overwritten by `add`', { accessPoliciesAdd: 'overwrite' }, { create: 'accessPolicy' }],
  ['access policies are joined by `add`', { accessPoliciesAdd: 'union' }, { create: 'accessPolicy' }],
  ['lists do not show the certificates of credentials', { keyInLists: false }, {}],
  ['a repeated role assignment is 201', { repeatedRoleAssignment: 201 }, {}],
  ['a repeated role assignment is 200', { repeatedRoleAssignment: 200 }, {}],
  ['a merge does not keep the tags of the request', { mergeKeepsTags: false }, {}],
  ['a merge keeps the tags of the request', { mergeKeepsTags: true }, {}],
  ['the version that waits hides the current one', { pendingHidesCurrent: true }, {}],
  ['the current version stays to be seen beside the one that waits', { pendingHidesCurrent: false }, {}],
  ['rights take a while to count', { propagation: 300 }, { create: 'accessPolicy' }],
]

test.each(choices)('%s: reached, renewed, and nothing left to do', async (_what, settings, variant) => {
  open = await stage(variant, settings)
  const { sandbox } = open
  for (const days of [0, 340, 8]) {
    sandbox.advance(days * day)
    const { events } = await open.apply()
    expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
    const again = await open.apply()
    expect(again.changes.filter(({ action }) => action !== 'none')).toEqual([])
    expect(again.writes).toEqual([])
  }
})
