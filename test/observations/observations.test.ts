import { describe, expect, test } from 'vitest'
import { profileOf } from '../../src/azure/dataverse/rows.ts'
import { profileObservations } from '../../src/observations/profile.ts'
import { vaultObservations } from '../../src/observations/vault.ts'
import { publicAuthority } from '../../src/resources/certificate/state.ts'

describe('remarks', () => {
  test.each(['off', 'rules', 'perimeter'] as const)('a vault whose public access is %s may keep Dynamics out', (publicAccess) => {
    expect(vaultObservations({ publicAccess, purgeProtection: true })).toMatchObject([
      { about: 'vault', severity: 'warning', text: expect.stringContaining('Dynamics may not reach it') },
    ])
  })

  test('an open vault with purge protection gets no remark', () => {
    expect(vaultObservations({ publicAccess: 'open', purgeProtection: true })).toEqual([])
    expect(vaultObservations({ publicAccess: 'open', purgeProtection: false })).toMatchObject([{ severity: 'info' }])
  })

  test('a Power Platform managed identity, if the environment shows it', () => {
    const row = { emailserverprofileid: 'p', name: 'Exchange', _powerplatformmanagedidentityid_value: 'i' }
    expect(profileObservations(profileOf(row).profile)).toMatchObject([
      { severity: 'info', text: expect.stringContaining('(i)') },
    ])
    expect(profileObservations(profileOf({ emailserverprofileid: 'p', name: 'Exchange' }).profile)).toEqual([])
  })

  test('an issuer of the vault that may be a public CA cannot give a year', () => {
    expect(publicAuthority({ issuer: 'DigiCert', validityMonths: 12 })).toMatchObject([
      { text: expect.stringMatching(/200 days .* 100 days .* 47 days/) },
    ])
    for (const issuer of ['hma', 'Self', 'Unknown']) expect(publicAuthority({ issuer, validityMonths: 12 })).toEqual([])
    expect(publicAuthority({ issuer: 'DigiCert', validityMonths: 6 })).toEqual([])
  })
})
