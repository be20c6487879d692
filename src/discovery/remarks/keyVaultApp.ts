import type { PasswordCredential } from '../../azure/directory/port.ts'
import type { Discovery } from '../discovery.ts'
import { known } from '../readResult.ts'
import { ending, endsSoon, type ImportRemark, isOver, listed, when } from '../remark.ts'

/** Remarks on KV-App and its secrets. */
export function keyVaultAppRemarks(found: Discovery, now: Date): readonly ImportRemark[] {
  const { keyVaultApp, rows, vault } = found
  const [said, tenant] = [known(rows.reader)?.tenantId?.toLowerCase(), known(vault.tenantId)]
  return [
    ...when(
      said !== undefined && tenant !== undefined && said !== tenant,
      'keyVault.tenantId',
      `The profile names ${said} as the tenant of KV-App, and the vault belongs to ${tenant}.`,
      'KV-App has to be a registration of the tenant of the vault.',
    ),
    ...when('seen' in keyVaultApp.application && !keyVaultApp.application.seen, 'keyVaultApp.appId', ...gone(found)),
    ...registered(found, now),
  ]
}

const gone = ({ keyVaultApp, vault }: Discovery): [string, string] => [
  `There is no app registration ${known(keyVaultApp.appId)} in the tenant ${known(vault.tenantId)}, where the vault is: Dynamics cannot sign in.`,
  '`hma apply` makes a new one. If it was deleted within 30 days, restore it in Entra first, and remove the #.',
]

function registered({ keyVaultApp }: Discovery, now: Date): ImportRemark[] {
  const application = known(keyVaultApp.application)
  if (!application) return []
  return [
    ...when(
      'seen' in keyVaultApp.principal && !keyVaultApp.principal.seen,
      'keyVaultApp.appId',
      'KV-App has no service principal (enterprise application) in its tenant: it cannot sign in.',
      '`hma apply` makes it.',
    ),
    ...secrets(application.passwordCredentials, now),
  ]
}

function secrets(held: readonly PasswordCredential[], now: Date): ImportRemark[] {
  const at = 'keyVaultApp.clientSecret'
  const valid = held.filter(({ end }) => !isOver(end, now))
  if (valid.length === 0)
    return when(
      true,
      at,
      held.length === 0
        ? 'KV-App has no client secret: Dynamics cannot sign in.'
        : `The client secret of KV-App ${ending(
            held
              .map(({ end }) => end)
              .sort()
              .at(-1) ?? '',
            now,
          )}: Dynamics cannot sign in.`,
      '`hma apply` makes one, and gives it to Dynamics.',
    )
  const ends = listed(valid.map(({ end }) => `one ${ending(end, now)}`))
  return [
    {
      at,
      message: `Which secret of KV-App Dynamics holds cannot be read. KV-App has ${valid.length === 1 ? 'one that is valid' : `${valid.length} that are valid`}: ${ends}.`,
      next: 'The first `hma apply` creates a new secret, tests it, and gives it to Dynamics. The existing ones stay; remove them in Entra after that.',
    },
    ...when(
      valid.every(({ end }) => endsSoon(end, now)),
      at,
      'No secret of KV-App is valid for long.',
      'Run `hma apply` before the last one ends.',
    ),
  ]
}
