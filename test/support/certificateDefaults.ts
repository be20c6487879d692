/** The certificate settings of a configuration that leaves them out, for tests of the file that it names. */
export const certificateDefaults = {
  name: 'HMA-Cert',
  issuer: 'hma',
  subject: 'CN=hma',
  keySize: 2048,
  validityMonths: 12,
  renewBeforeDays: 30,
  overlapDays: 7,
} as const
