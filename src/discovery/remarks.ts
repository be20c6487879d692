import type { Discovery } from './discovery.ts'
import type { ImportRemark } from './remark.ts'
import { certificateRemarks } from './remarks/certificate.ts'
import { hmaAppRemarks } from './remarks/hmaApp.ts'
import { keyVaultAppRemarks } from './remarks/keyVaultApp.ts'
import { profileRemarks } from './remarks/profile.ts'
import { vaultRemarks } from './remarks/vault.ts'

/** What is missing, about to expire or not as the procedure says, in the order of the configuration. */
export const importRemarks = (found: Discovery, now: Date): readonly ImportRemark[] => [
  ...vaultRemarks(found),
  ...certificateRemarks(found, now),
  ...keyVaultAppRemarks(found, now),
  ...hmaAppRemarks(found),
  ...profileRemarks(found),
]
