import { expect, test } from 'vitest'
import { scenario } from '../support/scenarios.ts'
import { failures } from './simulation/slow.ts'

/** The other scenarios: slowService.long.test.ts. */
test('a first apply does not fail because a service is slow', async () => {
  expect(await failures(await scenario('first apply', { tenants: 1 }), [1, 2])).toEqual([])
})
