/** What the reader of a page has, and does between its commands. All of it is shell. */
export interface Reader {
  /** The folder of the example that becomes `hma.config.yaml`. */
  readonly example?: string
  /** Run before the first command. */
  readonly has?: string
  /** Run before the commands that begin like this: what the page asks for in words. */
  readonly does?: Readonly<Record<string, string>>
  /** The page shows another deployment than the example's, after a longer life: its output is not compared. */
  readonly showsAnother?: true
}

const applied = 'hma apply --quiet'
const fleet = 'mkdir deployments && cp hma.config.yaml deployments/contoso.yaml'

/** A profile that is in Dynamics already, and no configuration. */
const inThePortal = `${applied} && rm hma.config.yaml`

const trialCa = 'openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.cer -days 3650 -subj "/CN=My CA"'
const sign = 'openssl x509 -req -in hma.csr -CA ca.cer -CAkey ca.key -CAcreateserial -days 365 -out hma-cert.cer'

/** Adds keys below `exchange:` of the configuration. */
const withExchange = (...lines: readonly string[]): string => `sed -i '/^exchange:/a\\${lines.join('\\n')}' hma.config.yaml`

export const readers: Readonly<Record<string, Reader>> = {
  'README.md': {},
  'examples/README.md': { example: 'none' },
  'docs/guides/certificate-from-your-ca.md': {
    example: 'csr',
    does: {
      'hma apply': `[ ! -e hma.csr ] || { ${trialCa}; ${sign}; }`,
      'openssl req': 'rm -rf .hma hma.csr hma-cert.cer',
    },
  },
  'docs/guides/custom-clouds.md': { example: 'custom-cloud', has: 'export LAB_CLIENT_SECRET=trial' },
  'docs/guides/exchange-prerequisites.md': {
    has: withExchange(
      '  setup:',
      '    script: ./exchange-setup.ps1',
      '  evidence: ./hma-exchange-evidence.json',
      '  servicePrincipalName: register',
    ),
  },
  'docs/guides/gitops.md': {
    example: 'none',
    does: { 'hma status': applied.replace('hma apply', 'hma apply -f deployments') },
  },
  'docs/guides/import-a-certificate.md': {
    example: 'import',
    has: [
      'openssl req -x509 -newkey rsa:2048 -nodes -keyout mine.key -out mine.pem -days 365 -subj "/CN=Mine"',
      'openssl pkcs12 -export -inkey mine.key -in mine.pem -passout pass:trial -out hma.pfx',
    ].join('\n'),
    does: { 'openssl req': 'rm -rf .hma hma.pfx' },
  },
  'docs/guides/import.md': { has: inThePortal },
  'docs/guides/install.md': {},
  'docs/guides/kubernetes.md': { has: `${fleet} && ${applied}` },
  'docs/guides/mailbox-scope.md': {
    has: withExchange('  mailboxScope:', '    script: ./exchange-mailbox-scope.ps1', '    filter: "Department -eq 1"'),
  },
  'docs/guides/mailboxes.md': {},
  // test/guides/movingFromTerraform.test.ts walks it on objects that Terraform made, and compares what is shown.
  'docs/guides/moving-from-terraform.md': { has: inThePortal, showsAnother: true },
  'docs/guides/national-clouds.md': { example: 'national-cloud' },
  'docs/guides/no-dynamics-rights.md': { example: 'no-dynamics' },
  'docs/guides/quick-start.md': {
    example: 'none',
    does: {
      // One half of step 4 or the other: init, or import.
      'hma import': 'hma apply --quiet && mv hma.config.yaml made-by-init.yaml',
      'hma validate': '[ -e hma.config.yaml ] && mv made-by-init.yaml hma.config.yaml',
    },
  },
  'docs/guides/rehearse.md': {},
  'docs/guides/renewal.md': {},
  'docs/guides/reports.md': { has: `${fleet} && ${applied}` },
  'docs/guides/sandbox.md': {},
  'docs/guides/status.md': { has: applied, showsAnother: true },
  'docs/guides/troubleshooting.md': { has: applied },
  'docs/guides/two-tenants.md': { example: 'two-tenants' },
  'docs/guides/uninstalling.md': { has: applied },
  'docs/guides/upgrade.md': { has: 'hma-new() { hma "$@"; }' },
  'docs/guides/variables-and-logs.md': { has: 'printf \'HMA_CLIENT_SECRET="trial"\\n\' > hma.env' },
}

/** Blocks that no run can take from top to bottom, and what covers them. */
export const elsewhere: Readonly<Record<string, string>> = {
  'docs/guides/custom-clouds.md Against the sandbox':
    'two terminals, and an edit by hand in between: test/commands/runOverMapClouds.ts, packages/sandbox/test/clients',
  "docs/guides/sandbox.md Any client, under Microsoft's own host names":
    'two terminals, az and tofu: packages/sandbox/test/clients',
}
