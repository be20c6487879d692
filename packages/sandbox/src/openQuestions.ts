/**
 * Behaviour that no public document settles, configurable either way; docs/confirm-on-azure.md says how to find out. The first value is
 * the default.
 */
export interface OpenQuestions {
  /**
   * UNCONFIRMED: which lookups lead Dynamics to the identity that reads the vault. `C`: the profile's. `A`: that of its key vault
   * reference. `B`: that of its reference, and the profile's own is HMA-App, whose credential lies in the vault. `any`: whichever fits.
   */
  profileRows: 'any' | 'A' | 'B' | 'C'
  /** UNCONFIRMED: does a vault with role-based access by default say so? */
  echoesRoleBased: boolean
  /** UNCONFIRMED: does an application's certificate credential last a year at most, whatever the certificate says? */
  yearForCertificates: boolean
  /** UNCONFIRMED: does a service principal that is restored still have the consent that it had? */
  restoredConsent: boolean
  /** UNCONFIRMED: is the deletion of a service principal of Microsoft's own refused? */
  firstPartyDeletion: 'refused' | 'done'
  /** UNCONFIRMED: does a vault see for itself that a file to import is PEM, where no policy says so? The reference says no, azurerm's tests yes. */
  pemWithoutPolicy: 'refused' | 'imported'
  /**
   * Does `accessPolicies/remove` remove permissions that are stored in another case? A report of May 2026 that is still open says no
   * (https://github.com/Azure/azure-rest-api-specs/issues/42963); azurerm's tests expect it, so it may come. Then `anyCase` is right.
   */
  removedPermissions: 'exactCase' | 'anyCase'
}

export const openQuestions: Readonly<OpenQuestions> = {
  profileRows: 'any',
  echoesRoleBased: true,
  yearForCertificates: false,
  restoredConsent: false,
  firstPartyDeletion: 'refused',
  pemWithoutPolicy: 'refused',
  removedPermissions: 'exactCase',
}

const isSwitch = (value: unknown): boolean => typeof value === 'boolean'

export const allowedAnswers: Record<keyof OpenQuestions, (value: unknown) => boolean> = {
  profileRows: (value) => value === 'any' || value === 'A' || value === 'B' || value === 'C',
  echoesRoleBased: isSwitch,
  yearForCertificates: isSwitch,
  restoredConsent: isSwitch,
  firstPartyDeletion: (value) => value === 'refused' || value === 'done',
  pemWithoutPolicy: (value) => value === 'refused' || value === 'imported',
  removedPermissions: (value) => value === 'exactCase' || value === 'anyCase',
}
