/** The text below the main help: the exit codes, which pipelines rely on. */
export const exitCodes = `
Exit codes:
  0    done, or nothing to do
  1    failed
  2    changes are pending (plan --detailed-exitcode)
  3    manual action needed: consent, a request to sign, an object without
       hma's mark, or a removal that safety blocks
  130  interrupted

Start with \`hma init\`, then \`hma plan\`, then \`hma apply\`. Add --sandbox to try
them without Azure. \`hma help <command>\` explains each command.`

const block = (...lines: readonly string[]): string => ['', 'Examples:', ...lines.map((line) => `  ${line}`)].join('\n')

/** The text below the help of each command. */
export const examples: Readonly<Record<string, string>> = {
  validate: block('hma validate', 'hma validate -f production/ -f "test/*.yaml"', 'hma validate --json'),
  plan: block(
    'hma plan                              preview what apply would do',
    'hma plan --only "contoso*"            for some deployments',
    'hma plan --out plan.json              to review, then: hma apply plan.json',
    'hma plan --detailed-exitcode          exit code 2 if there are changes',
    'hma plan --markdown > plan.md         a comment for a pull request',
    'hma plan --html plan.html             a page, with the dependency graph',
  ),
  rehearse: block(
    'hma rehearse                          a copy, faults, and a year of daily runs',
    'hma rehearse --absent 40d             what breaks first without the schedule',
    'hma rehearse --html rehearsal.html    a page with a timeline',
    'hma rehearse --save tenant.json       keep the copy, without secrets',
    'hma rehearse --from tenant.json       rehearse it anywhere',
  ),
  show: block(
    'hma show plan.json                    as `hma plan` printed it',
    'hma show plan.json --html plan.html   a page, with the dependency graph',
    'hma show plan.json --json | jq .summary',
  ),
  apply: block(
    'hma apply                             plan, ask, apply',
    'hma apply --yes                       on a schedule: renews what expires soon',
    'hma apply plan.json                   exactly the plan that was reviewed',
    'hma apply --digest sha256:...         the same, by its digest',
    'hma apply --sandbox                   on a local Azure',
  ),
  adopt: block(
    'hma adopt contoso/keyVaultApp         this registration, made in the portal',
    'hma adopt --only contoso              everything unmarked in one deployment',
  ),
  rotate: block(
    'hma rotate certificate                without a gap in sign-in',
    'hma rotate clientSecret --yes         without a question',
    'hma rotate clientSecret --only contoso',
  ),
  destroy: block('hma destroy --only contoso-test', 'hma destroy --only contoso-test --yes'),
  verify: block(
    'hma verify                            reads and signs in; writes nothing',
    'hma verify --only contoso --json      for monitoring',
  ),
  status: block(
    'hma status                            a table',
    'hma status --within 14d --json        for monitoring: exit 1 before mail stops',
    'hma status --html fleet.html          a page with a timeline',
    'hma status --metrics > hma.prom       for Prometheus',
    'hma status --merge 0.json 1.json      merge the reports of shards',
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
    'hma init                              asks, and suggests answers',
    'hma init --ews-url mail.contoso.com --environment contoso.crm4.dynamics.com \\',
    '  --vault kv-contoso-mail --yes       uses what it finds, without asking',
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
    'hma help HMA301                       an error code',
  ),
  completion: block(
    'source <(hma completion bash)         now; in ~/.bashrc: always',
    'hma completion zsh > ~/.zsh/completions/_hma',
    'hma completion fish > ~/.config/fish/completions/hma.fish',
    'hma completion pwsh >> $PROFILE       PowerShell, on Windows too',
  ),
  sandbox: block(
    'hma sandbox                           prepared for hma.config.yaml',
    'hma sandbox --json --port 9443        one line when it is ready, for a program',
    'eval "$(hma sandbox env)"             az, terraform and curl now use it',
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
