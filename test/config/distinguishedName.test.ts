import { expect, it } from 'vitest'
import { isDistinguishedName } from '../../src/certificates/distinguishedName.ts'

it.each([
  'CN=hma.contoso.com',
  'CN=hma.contoso.com,O=Contoso,C=DE',
  'CN = hma, O = Contoso GmbH',
  'CN=hma+OU=Mail,DC=contoso,DC=com',
  'CN=Contoso\\, Ltd.',
  'CN="Contoso, Ltd.",C=GB',
  'CN=M\\C3\\BCnchen',
  '2.5.4.3=hma',
  'CN=Ünïcode',
])('%s is a distinguished name', (name) => {
  expect(isDistinguishedName(name)).toBe(true)
})

it.each(['', 'hma.contoso.com', 'CN=', 'CN=a,', ',CN=a', 'CN=a,b', 'CN=a;O=b', '=a', 'CN="a', 'CN=a\\', '2.=a', 'CN=a\nO=b'])(
  '%j is none',
  (name) => {
    expect(isDistinguishedName(name)).toBe(false)
  },
)
