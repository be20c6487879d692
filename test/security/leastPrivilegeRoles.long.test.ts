import { describe } from 'vitest'
import { itIsEnoughAndNotTooMuch } from './leastPrivilege.ts'

describe('an existing vault with RBAC, two tenants, Dynamics, consent granted', () => {
  itIsEnoughAndNotTooMuch({ vault: 'existing, RBAC', consent: 'grant', dynamics: true, copy: false, tenants: 2 })
})
