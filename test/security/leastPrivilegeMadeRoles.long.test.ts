import { describe } from 'vitest'
import { rightsAreExact } from './leastPrivilege.ts'

describe('a vault that hma makes with RBAC, one tenant, a copy of the secret, consent granted', () => {
  rightsAreExact({ vault: 'made by hma, RBAC', consent: 'grant', dynamics: false, copy: true, tenants: 1 })
})
