import { describe } from 'vitest'
import { rightsAreExact } from './leastPrivilege.ts'

describe('an existing vault with RBAC, two tenants, Dynamics, consent granted', () => {
  rightsAreExact({ vault: 'existing, RBAC', consent: 'grant', dynamics: true, copy: false, tenants: 2 })
})
