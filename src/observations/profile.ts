import type { ProfileRow } from '../azure/dataverse/port.ts'
import type { Observation } from '../core/kind.ts'

/** Observations on an email server profile. It is not documented whether Hybrid Modern Auth can use a Power Platform managed identity. */
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
