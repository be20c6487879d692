import type { ProfileRow } from '../azure/dataverse/port.ts'
import type { Observation } from '../core/kind.ts'

/** What is worth knowing of an email server profile. Whether Hybrid Modern Auth can use a managed identity of Power Platform is not documented. */
export const profileObservations = ({ platformIdentityId }: Pick<ProfileRow, 'platformIdentityId'>): readonly Observation[] =>
  platformIdentityId === undefined
    ? []
    : [
        {
          severity: 'info',
          text: `The profile refers to a managed identity of Power Platform (${platformIdentityId}). hma neither uses nor changes it.`,
          hint: 'If sign-in fails although `hma verify` passes, remove the reference (powerplatformmanagedidentityid) from the profile.',
        },
      ]
