import { describe } from 'vitest'
import { itIsEnoughAndNotTooMuch } from './leastPrivilege.ts'

describe('an existing vault with access policies, one tenant, a copy of the secret, consent by hand', () => {
  itIsEnoughAndNotTooMuch({ vault: 'existing, access policies', consent: 'manual', dynamics: false, copy: true, tenants: 1 })
})
