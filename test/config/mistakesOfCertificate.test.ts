import { reportsMistakes } from './mistakes.ts'

reportsMistakes([
  {
    what: 'a vault address that Dynamics cannot keep',
    add: `cloud:\n  {name: lab, authorityHost: https://a, resourceManager: https://b, graph: https://c, keyVaultSuffix: ${'v'.repeat(90)}}`,
    expected: [
      ['error 7:9+15', "The vault's address has 115 characters; Dynamics allows at most 100.", 'Choose a shorter name.'],
    ],
  },
  {
    what: 'a certificate name that Dynamics cannot keep',
    add: `certificate:\n  name: ${'c'.repeat(101)}`,
    expected: [['error 13:9+101', 'certificate.name has 101 characters; Dynamics allows at most 100.', 'Choose a shorter name.']],
  },
  {
    what: 'a subject that is no distinguished name',
    add: 'certificate:\n  subject: hma.contoso.com',
    expected: [['error 13:12+15', 'certificate.subject must be a distinguished name.', 'Did you mean "CN=hma.contoso.com"?']],
  },
  {
    what: 'an issuer in other capitals',
    add: 'certificate:\n  issuer: self',
    expected: [['error 13:11+4', 'certificate.issuer must be written Self.']],
  },
  {
    what: 'an issuer that signs nothing',
    add: 'certificate:\n  issuer: Unknown',
    expected: [
      [
        'error 13:11+7',
        'certificate.issuer cannot be Unknown: the certificate would never be signed.',
        'If your CA signs the certificate, write `source: csr`.',
      ],
    ],
  },
  {
    what: 'a csr without its file, and a field of another source',
    add: 'certificate:\n  source: csr\n  file: ./hma.pfx',
    expected: [
      [
        'error 13:11+3',
        'A certificate of source csr needs signedFile.',
        'Name the file that will hold what your CA returns: `signedFile: ./hma-cert.cer`. It need not exist yet.',
      ],
      ['error 14:3+4', 'A certificate of source csr does not use file.', 'Remove it, or write `source: import`.'],
    ],
  },
  {
    what: 'an import without its file, with an issuer',
    add: 'certificate:\n  source: import\n  issuer: hma',
    expected: [
      ['error 13:11+6', 'A certificate of source import needs file.', 'Name the .pfx or .pem file: `file: ./hma.pfx`.'],
      ['error 14:3+6', 'A certificate of source import does not use issuer.', 'Remove it, or write `source: generate`.'],
    ],
  },
  {
    what: 'a certificate that would be renewed at every run',
    add: 'certificate:\n  validityMonths: 1',
    put: ['', ''],
    expected: [
      [
        'error 12:1+11',
        'certificate.renewBeforeDays must be less than the validity: it would be renewed on every run.',
        'Write less than 28, or a longer validityMonths.',
      ],
    ],
  },
  {
    what: 'an overlap that the former certificate does not live to see',
    add: 'certificate:\n  overlapDays: 40',
    expected: [
      [
        'warning 13:16+2',
        'certificate.overlapDays is longer than renewBeforeDays: the former certificate expires before the overlap ends.',
        'Write 30 days of overlap or fewer, or renew earlier.',
      ],
    ],
  },
])
