interface Topic {
  readonly summary: string
  readonly text: string
}

/** What `hma help TOPIC` prints: at most 80 columns wide, each on one screen. */
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
    hma plan                  preview: changes nothing
    hma apply                 asks, then does it
    hma verify                signs in to Exchange as Dynamics does

  Already set up in the portal?
    hma import contoso.crm4.dynamics.com --out hma.config.yaml
    hma plan                  shows what hma would adopt and repair
    hma adopt                 marks it as managed by hma, changes nothing else
`,
  },
  configuration: {
    summary: 'how to write and select configurations',
    text: `Configuration

  One YAML document is one deployment; a file may hold several, split by ---.
  Without -f, hma reads hma.config.yaml in the working directory.

    -f mail.yaml              a file
    -f deployments/           every .yaml and .yml file directly in a folder
    -f "customers/*/hma.yaml" a glob, in quotes
    --only "contoso*"         only these deployments
    --shard 0/4               the first of four parts of them

  \${NAME} is the environment variable NAME; $\${NAME} is the literal text.
  Take passwords from the environment; never write them in the file.

  hma validate                finds every mistake at once, offline
  hma schema                  the JSON Schema, for editors
`,
  },
  credentials: {
    summary: 'how hma signs in, in each tenant',
    text: `Credentials

  Each tenant can have its own, under auth:

    auth:
      <tenant id>: { credential: workloadIdentity, clientId: ... }

    default             what @azure/identity finds: environment, workload
                        identity, managed identity, az login
    azureCli            az login --tenant <id>, on your machine
    workloadIdentity    a pipeline or a pod: no secret is stored anywhere
    managedIdentity     a virtual machine or container of Azure
    clientSecret        clientSecret: \${NAME}
    clientCertificate   certificateFile: ./signin.pem
    deviceCode          a person with a browser, once per service

  docs/rights.md lists the rights that each command needs. hma doctor shows
  who is signed in and which rights are missing.
`,
  },
  renewal: {
    summary: 'how certificate and secret are renewed without a gap',
    text: `Renewal

  All it takes is a scheduled apply, once a day:

    hma apply --yes

  A certificate is renewed renewBeforeDays (30) before it expires. First HMA-App
  trusts the new one; only then does the vault serve it. The old one stays
  trusted for overlapDays (7). A client secret is renewed in the same way:
  created, accepted by Entra, delivered to Dynamics; the old one is removed
  after the overlap. Sign-in never fails.

    hma rotate certificate    renew now
    hma rotate clientSecret
    hma status --within 14d   for monitoring: exit 1 if a renewal is overdue
`,
  },
  'exit-codes': {
    summary: 'what the exit codes mean',
    text: `Exit codes

    0    done, or nothing to do
    1    failed; the errors are on stderr
    2    changes are pending (hma plan --detailed-exitcode)
    3    manual action needed: consent, a request to sign, an object without
         hma's mark, or a removal that safety blocks
    130  interrupted by Ctrl-C or SIGTERM

  With several deployments the most severe exit code wins; a deployment that
  fails does not stop the others. Errors have their own codes: hma help HMA301.
`,
  },
  environment: {
    summary: 'environment variables',
    text: `Environment variables

    NO_COLOR, FORCE_COLOR     no colors, or colors in a pipe
    HTTPS_PROXY, NO_PROXY     proxy
    NODE_EXTRA_CA_CERTS       PEM file with additional trusted roots
    AZURE_CONFIG_DIR          the Azure CLI's folder
    AZURE_FEDERATED_TOKEN_FILE, AZURE_CLIENT_ID
                              workload identity, set by Kubernetes
    GITHUB_ACTIONS            hma validate annotates lines
    \${ANY_NAME}               used in the configuration: your choice
`,
  },
  'local-azure': {
    summary: 'the sandbox: a local Azure to try everything on',
    text: `Sandbox

  --sandbox works on a local Azure, Entra, Key Vault, Dataverse and Exchange.
  It keeps its data in .hma/sandbox.json in this folder. Its clock moves only
  when you move it:

    hma apply --sandbox --yes
    hma sandbox advance 335d  almost a year later
    hma plan --sandbox        the certificate is due for renewal
    hma sandbox reset         start over

  hma sandbox serves it to az, Terraform and others: see docs/guides/sandbox.md.
`,
  },
  gitops: {
    summary: 'pull requests, pipelines and fleets',
    text: `GitOps

    hma plan --markdown --out plan.json     in the pull request
    hma apply plan.json --yes               after the merge: only this plan
    hma apply --digest sha256:... --yes     the same, by its digest
    hma plan --detailed-exitcode            on a schedule: 2 means drift
    hma apply --yes                         on a schedule: renews
    hma status --html fleet.html            when everything expires
    hma apply --yes --shard 3/8             the fourth of eight parts

  docs/guides/gitops.md: from an empty repository to a monitored deployment, on
  GitHub, Azure Pipelines and GitLab. docs/guides/kubernetes.md: the manifests.
`,
  },
}

/** The list of topics below the main help. */
export const topicList = (): string => {
  const names = Object.keys(topics)
  const room = Math.max(...names.map((name) => name.length))
  return ['', 'Topics of `hma help <topic>`:', ...names.map((name) => `  ${name.padEnd(room)}  ${topics[name]?.summary}`)].join(
    '\n',
  )
}
