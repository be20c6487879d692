import { describe } from 'vitest'
import { itIsEnoughAndNotTooMuch } from './leastPrivilege.ts'

describe('a vault that hma makes with RBAC, one tenant, a copy of the secret, consent granted', () => {
  itIsEnoughAndNotTooMuch({ vault: 'made by hma, RBAC', consent: 'grant', dynamics: false, copy: true, tenants: 1 })
})
