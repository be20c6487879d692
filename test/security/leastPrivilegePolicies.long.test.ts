import { describe } from 'vitest'
import { rightsAreExact } from './leastPrivilege.ts'

describe('an existing vault with access policies, one tenant, a copy of the secret, consent by hand', () => {
  rightsAreExact({ vault: 'existing, access policies', consent: 'manual', dynamics: false, copy: true, tenants: 1 })
})
