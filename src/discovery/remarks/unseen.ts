import type { Discovery } from '../discovery.ts'
import type { ReadResult } from '../readResult.ts'
import type { ImportRemark } from '../remark.ts'

/** What could not be read and belongs to no key, so that its state is unknown. Each cause is stated once. */
export function unseenRemarks(
  { vault, keyVaultApp, hmaApp, mailboxes }: Discovery,
  said: ReadonlySet<string>,
): readonly ImportRemark[] {
  const looks: readonly (readonly [at: string, look: ReadResult<unknown>])[] = [
    ['keyVault', vault.settings],
    ['keyVaultApp', keyVaultApp.application],
    ['keyVaultApp', keyVaultApp.principal],
    ['keyVaultApp', keyVaultApp.roles],
    ['hmaApp', hmaApp.application],
    ['hmaApp', hmaApp.principal],
    ['hmaApp.adminConsent', hmaApp.consents],
    ['hmaApp.adminConsent', hmaApp.exchange],
    ['dynamics', mailboxes],
  ]
  const reasons = new Set(said)
  return looks.flatMap(([at, look]) => {
    if ('seen' in look || reasons.has(look.unread)) return []
    reasons.add(look.unread)
    return [
      {
        at,
        message: `${look.unread.charAt(0).toUpperCase()}${look.unread.slice(1)}.`,
        ...(look.next !== undefined && { next: look.next }),
      },
    ]
  })
}
