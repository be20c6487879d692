import type { Vault } from '../azure/resourceManager/port.ts'
import type { Observation } from '../core/kind.ts'

const about = 'vault'

/** Observations on a vault, whoever made it. */
export const vaultObservations = ({ publicAccess, purgeProtection }: Pick<Vault, 'publicAccess' | 'purgeProtection'>) => [
  ...(publicAccess === 'open' ? [] : [closed(publicAccess)]),
  ...(purgeProtection ? [] : [purgeable]),
]

const doubt = 'Dynamics may not reach it, even where `hma verify` passes: that proves access from this machine only.'

/**
 * Dynamics reads the vault over the internet, from more addresses than network rules allow, and no private path is documented
 * (https://learn.microsoft.com/power-platform/admin/online-requirements, https://learn.microsoft.com/azure/key-vault/general/network-security).
 */
const closed = (access: Exclude<Vault['publicAccess'], 'open'>): Observation => ({
  about,
  severity: 'warning',
  ...{
    off: {
      text: `Public network access to the vault is disabled. ${doubt}`,
      hint: 'Allow public access from all networks, in the portal under Networking: Dynamics has no private path to a vault.',
    },
    rules: {
      text: `The network rules of the vault deny access by default. ${doubt}`,
      hint: 'Allow public access from all networks, in the portal under Networking, or make sure that the rules let in the addresses of Dynamics in your region (service tag AzureCloud).',
    },
    perimeter: {
      text: `A network security perimeter guards the vault. ${doubt}`,
      hint: 'Add an access rule to the perimeter that lets Dynamics in. Exceptions for trusted Microsoft services do not apply in a perimeter.',
    },
  }[access],
})

const purgeable: Observation = {
  about,
  severity: 'info',
  text: 'Purge protection of the vault is off: anyone with the right to purge can delete the certificate for good.',
  hint: 'Switch it on in the portal, under Properties. hma does not change the settings of a vault that it did not create.',
}
