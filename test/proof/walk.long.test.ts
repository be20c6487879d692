import { beforeAll, describe, expect, test } from 'vitest'
import type { World } from '../../packages/sandbox/src/azure.ts'
import { feasible } from '../../src/core/plan.ts'
import { openDeployment, yaml } from '../support/deployment.ts'
import { verified } from '../support/verify.ts'
import { appliedWorld, type Breakage, breakages, variant } from './breakages.ts'

/** Everything that sign-in depends on: whatever verify finds and hma can repair shows in the plan, and an apply repairs it. */
let applied: World

beforeAll(async () => {
  applied = await appliedWorld()
})

function brokenBy(one: Breakage): World {
  const world = structuredClone(applied)
  one.break?.(world)
  if (one.after) world.ahead += Number.parseInt(one.after, 10) * 86_400_000
  return world
}

describe('what hma can repair', () => {
  const mendable = breakages.filter(({ mendedBy }) => mendedBy !== undefined)

  test.concurrent.each(mendable)('$name: $mendedBy', async (one) => {
    const it = await openDeployment(variant, {}, brokenBy(one))
    try {
      const rotate = one.mendedBy?.startsWith('rotate ') ? one.mendedBy.slice('rotate '.length) : undefined
      const isRotatable = rotate === 'certificate' || rotate === 'clientSecret'
      if (!isRotatable) expect(feasible(await it.plan()).length).toBeGreaterThan(0)
      const { events } = await it.apply(isRotatable ? { rotate } : {})
      expect(events.filter(({ type }) => type === 'failed' || type === 'skipped')).toEqual([])
      const found = await verified(it.sandbox, yaml(variant))
      expect(found.checks.filter(({ status }) => status !== 'passed')).toEqual([])
      expect(feasible(await it.plan())).toEqual([])
    } finally {
      await it.close()
    }
  })
})

describe('what verify advises', () => {
  const others = breakages.filter(({ mendedBy, configuration }) => mendedBy === undefined && configuration === undefined)

  test.concurrent.each(others)('$name: hma apply is no advice where the plan is empty', async (one) => {
    const it = await openDeployment(variant, {}, brokenBy(one))
    try {
      const found = await verified(it.sandbox, yaml(variant))
      const advised = found.checks.filter(({ hint, status }) => status !== 'passed' && /Run `hma apply`/.test(hint ?? ''))
      if (advised.length > 0) expect(feasible(await it.plan()).length, JSON.stringify(advised)).toBeGreaterThan(0)
    } finally {
      await it.close()
    }
  })
})
