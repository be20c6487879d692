interface Topic {
  readonly summary: string
  readonly text: string
}

/** What `hma help TOPIC` tells: at most 80 columns wide, each on one screen. */
export const topics: Readonly<Record<string, Topic>> = {
  begin: {
    summary: 'the first hour with hma',
    text: `The first hour

  Try it on a local Azure, which needs no account:
    hma init                  a configuration, from a few answers
    hma apply --sandbox       all of it, on your machine
    hma verify --sandbox      the proof that sign-in works

  Then for real:
    az login --tenant ...     for each tenant that the configuration names
    hma plan                  what would be done: writes nothing
    hma apply                 asks, then does it
    hma verify                signs in to Exchange as Dynamics does

  Somebody has clicked it together in the portal already?
    hma import contoso.crm4.dynamics.com --out hma.config.yaml
    hma plan                  shows what hma would take over, and repair
    hma adopt                 marks it as hma's, and changes nothing else
`,
  },
  configuration: {
    summary: 'where the configuration comes from',
    text: `Configuration

  One YAML document is one deployment; a file may have several, parted by ---.
  Without -f, hma reads hma.config.yaml in the working directory.

    -f mail.yaml              a file
    -f deployments/           every .yaml and .yml right in a folder
    -f "customers/*/hma.yaml" a glob, in quotes
    --only "contoso*"         of what was read, these names
    --shard 0/4               of these, the first of four parts

  \${NAME} is the environment variable NAME; $\${NAME} is that text itself.
  Passwords come from the environment and never stand in the file.

  hma validate                every mistake at once, offline
  hma schema                  the JSON Schema, for editors
`,
  },
  credentials: {
    summary: 'how hma signs in, in each tenant',
    text: `Credentials

  Each tenant may have its own, under auth:

    auth:
      <tenant id>: { credential: workloadIdentity, clientId: ... }

    default             what @azure/identity finds: environment, workload
                        identity, managed identity, az login
    azureCli            az login --tenant <id>, on your machine
    workloadIdentity    a pipeline or a pod: no secret is stored anywhere
    managedIdentity     a virtual machine or container of Azure
    clientSecret        clientSecret: \${NAME}
    clientCertificate   certificateFile: ./signin.pem
    deviceCode          a person with a browser, once for each service

  docs/rights.md lists the rights that each command needs; where one is missing,
  the error names it. hma help HMA301 tells more.
`,
  },
  renewal: {
    summary: 'how certificate and secret are renewed without a gap',
    text: `Renewal

  Nothing but a scheduled apply is needed, once a day:

    hma apply --yes

  renewBeforeDays (30) ahead of its end a certificate gets a successor. HMA-App
  trusts the new one first, on every replica that was looked at; only then does
  the vault serve it. The former one stays trusted for overlapDays (7). A client
  secret goes the same way: made, accepted by Entra, handed to Dynamics, and the
  former one taken away when its overlap is over.

    hma rotate certificate    the same, now
    hma rotate clientSecret
    hma status --within 14d   for a monitor: exit code 1 when renewal has failed
`,
  },
  'exit-codes': {
    summary: 'what the exit codes mean',
    text: `Exit codes

    0    done, or nothing to do
    1    failed; the errors are on stderr
    2    changes are pending (hma plan --detailed-exitcode)
    3    a person has to act first: consent, a request to be signed, something
         unmarked, or something that safety holds back
    130  interrupted by Ctrl-C or SIGTERM: what was in flight is finished first

  With several deployments the gravest counts; one that fails stops no other.
  Errors have codes of their own, HMA101 to HMA902: hma help HMA301.
`,
  },
  environment: {
    summary: 'environment variables',
    text: `Environment variables

    NO_COLOR, FORCE_COLOR     colours off, or on in a pipe
    HTTPS_PROXY, NO_PROXY     the way out
    NODE_EXTRA_CA_CERTS       a PEM file of authorities to trust besides
    AZURE_CONFIG_DIR          where the Azure CLI keeps its account
    AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_ID
                              workload identity, as Kubernetes sets them
    GITHUB_ACTIONS            hma validate shows mistakes at their lines
    \${ANY_NAME}               in the configuration: what you choose
`,
  },
  'local-azure': {
    summary: 'the sandbox: a local Azure to try all of it on',
    text: `Sandbox

  --sandbox works on a local Azure, Entra, Key Vault, Dataverse and Exchange.
  Its world lies in .hma/sandbox.json, where you are; its clock moves when you
  say so:

    hma apply --sandbox --yes
    hma sandbox advance 335d  nearly a year later
    hma plan --sandbox        the certificate is due
    hma sandbox reset         forget it all

  hma sandbox serves it to other programs: see docs/guides/sandbox.md.
`,
  },
  gitops: {
    summary: 'pull requests, pipelines and fleets',
    text: `GitOps

    hma plan --markdown --out plan.json     in the pull request
    hma apply plan.json --yes               after the merge: this, or nothing
    hma apply --digest sha256:... --yes     the same, by its digest
    hma plan --detailed-exitcode            on a schedule: 2 is drift
    hma apply --yes                         on a schedule: renews
    hma status --html fleet.html            what ends when, of all deployments
    hma apply --yes --shard 3/8             the fourth of eight parts

  docs/guides/gitops.md goes from an empty repository to a watched deployment:
  GitHub, Azure Pipelines, GitLab; docs/guides/kubernetes.md has the manifests.
`,
  },
}

/** The topics, below the help of hma as a whole. */
export const topicList = (): string => {
  const names = Object.keys(topics)
  const room = Math.max(...names.map((name) => name.length))
  return ['', 'Topics of `hma help <topic>`:', ...names.map((name) => `  ${name.padEnd(room)}  ${topics[name]?.summary}`)].join(
    '\n',
  )
}
