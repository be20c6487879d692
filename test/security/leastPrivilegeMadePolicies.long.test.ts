import { describe } from 'vitest'
import { itIsEnoughAndNotTooMuch } from './leastPrivilege.ts'

describe('a vault that hma makes with access policies, two tenants, a copy of the secret, consent by hand', () => {
  itIsEnoughAndNotTooMuch({ vault: 'made by hma, access policies', consent: 'manual', dynamics: false, copy: true, tenants: 2 })
})
