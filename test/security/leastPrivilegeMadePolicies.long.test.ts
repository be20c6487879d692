import { describe } from 'vitest'
import { rightsAreExact } from './leastPrivilege.ts'

describe('a vault that hma makes with access policies, two tenants, a copy of the secret, consent by hand', () => {
  rightsAreExact({ vault: 'made by hma, access policies', consent: 'manual', dynamics: false, copy: true, tenants: 2 })
})
