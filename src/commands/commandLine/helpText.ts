/** What stands under the main help: the exit codes, which pipelines rely on. */
export const exitCodes = `
Exit codes:
  0    done, or nothing to do
  1    failed
  2    changes are pending (plan --detailed-exitcode)
  3    a person has to act first: give consent, have a request signed,
       decide about an unmarked object, or about what safety holds back
  130  interrupted

Begin with \`hma init\`, then \`hma plan\`, then \`hma apply\`. Add --sandbox to try
them without an Azure. \`hma help <command>\` tells more of each command.`

const block = (...lines: readonly string[]): string => ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n')

/** What stands under the help of each command. */
export const examples: Readonly<Record<string, string>> = {
  validate: block('hma validate', 'hma validate -f production/ -f "test/*.yaml"', 'hma validate --json'),
  plan: block(
    'hma plan                              what apply would do now',
    'hma plan --only "contoso*"            of some deployments',
    'hma plan --out plan.json              to be reviewed, for: hma apply plan.json',
    'hma plan --detailed-exitcode          2 where there are changes: for pipelines',
    'hma plan --markdown > plan.md         a comment for a pull request',
    'hma plan --html plan.html             a page, with the dependency graph',
  ),
  show: block(
    'hma show plan.json                    as `hma plan` printed it',
    'hma show plan.json --html plan.html   a page, with the dependency graph',
    'hma show plan.json --json | jq .summary',
  ),
  apply: block(
    'hma apply                             plan, ask, carry out',
    'hma apply --yes                       on a schedule: renews what soon ends',
    'hma apply plan.json                   exactly the plan that was reviewed',
    'hma apply --digest sha256:...         the same, where its digest is at hand',
    'hma apply --sandbox                   on a local Azure',
  ),
  adopt: block(
    'hma adopt contoso/keyVaultApp         this registration, made in the portal',
    'hma adopt --only contoso              everything unmarked of one deployment',
  ),
  rotate: block(
    'hma rotate certificate                sign-in does not stop for it',
    'hma rotate clientSecret --yes         without a question',
    'hma rotate clientSecret --only contoso',
  ),
  destroy: block('hma destroy --only contoso-test', 'hma destroy --only contoso-test --yes'),
  verify: block(
    'hma verify                            reads and signs in; writes nothing',
    'hma verify --only contoso --json      for a monitor',
  ),
  status: block(
    'hma status                            a table',
    'hma status --within 14d --json        for a monitor: exit 1 before mail stops',
    'hma status --html fleet.html          a page with a timeline of all',
    'hma status --metrics > hma.prom       for Prometheus',
    'hma status --merge 0.json 1.json      the reports of shards as one',
  ),
  output: block(
    'hma output                            every value',
    'hma output hmaApplicationId           one value, for a script',
    'hma output keyVaultClientSecret --reveal',
    'hma output --json',
    'hma output --terraform > import.tf    to go back to Terraform or OpenTofu',
  ),
  csr: block(
    'hma csr > hma.csr                     for your CA: certificate.signedFile',
    'hma csr --only contoso                of one deployment',
  ),
  graph: block('hma graph > graph.mmd', 'hma graph --format svg > graph.svg'),
  schema: block('hma schema > schemas/hma.schema.json'),
  init: block(
    'hma init                              asks, and proposes what it can find out',
    'hma init --ews-url mail.contoso.com --environment contoso.crm4.dynamics.com \\',
    '  --vault kv-contoso-mail --yes       takes what it finds, without asking',
  ),
  import: block(
    'hma import https://contoso.crm4.dynamics.com --out hma.config.yaml',
    'hma import contoso.crm4.dynamics.com --profile "Exchange on-premises (HMA)"',
    'hma import contoso.crm4.dynamics.com --json | jq .notes',
  ),
  doctor: block(
    'hma doctor                            every tenant, every right, every host',
    'hma doctor --for plan                 what a pipeline that only plans needs',
    'hma doctor --json                     for a bug report, without secrets',
  ),
  help: block(
    'hma help apply                        a command',
    'hma help renewal                      a topic',
    'hma help HMA301                       the code of an error',
  ),
  completion: block(
    'source <(hma completion bash)         now; in ~/.bashrc: always',
    'hma completion zsh > ~/.zsh/completions/_hma',
    'hma completion fish > ~/.config/fish/completions/hma.fish',
    'hma completion pwsh >> $PROFILE       PowerShell, on Windows too',
  ),
  sandbox: block(
    'hma sandbox                           seeded as hma.config.yaml presupposes',
    'hma sandbox --json --port 9443        one line when it is ready, for a program',
    'eval "$(hma sandbox env)"             now az, terraform, curl work in it',
    'hma sandbox advance 335d              the certificate is about to expire',
    'hma sandbox reset',
  ),
  env: block(
    'eval "$(hma sandbox env)"             sh, bash, zsh',
    'hma sandbox env --shell fish | source',
    'hma sandbox env --shell pwsh | Out-String | Invoke-Expression',
    'hma sandbox env --rights reader --tenant TENANT_ID',
  ),
  advance: block('hma sandbox advance 335d', 'hma sandbox advance 1d12h'),
  reset: block('hma sandbox reset'),
}
