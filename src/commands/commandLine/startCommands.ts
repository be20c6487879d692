import { type Command as Commander, Option } from 'commander'
import type { ImportArguments } from '../import.ts'
import type { InitArguments } from '../init/init.ts'
import type { Add, Start } from './command.ts'

/** Commands for creating a configuration. */
export function startCommands(add: Add, start: Start): void {
  add('init', 'create a configuration from a few answers')
    .option('--ews-url <url>', 'Exchange Web Services: mail.contoso.com, or the full URL')
    .option('--environment <url>', 'the Dynamics 365 environment; - for none')
    .option('--test-mailbox <address>', 'mailbox that `hma verify` may open; - for none (default)')
    .option(
      '--tenant <id or domain>',
      'the tenant of Exchange and Dynamics (default: looked up from the environment or the mail domain)',
    )
    .option('--vault <name>', 'name or URL of the vault')
    .option('--vault-tenant <id or domain>', 'its tenant (default: looked up from the vault)')
    .option('--subscription <id>', 'its subscription (default: looked up from the vault or the Azure CLI)')
    .option('--resource-group <name>', 'its resource group')
    .option('--create-vault <region>', 'create the vault in this region; - if it exists')
    .addOption(new Option('--vault-copy <yes or no>', 'let the vault keep what verify needs to sign in as KV-App (default: yes)'))
    .option('--name <name>', 'the name of the deployment')
    .addOption(cloud())
    .option('--out <file>', 'file to write', 'hma.config.yaml')
    .option('--force', 'overwrite an existing file')
    .addOption(new Option('-y, --yes', 'do not ask: use what is found'))
    .action((own: Flags, command: Commander) =>
      start(command, async (context) => {
        const { environment, vaultTenant, subscription, createVault, tenant, vaultCopy, ...rest } = own
        const answers = { environmentUrl: environment, vaultTenantId: vaultTenant, subscriptionId: subscription }
        const { init } = await import('../init/init.ts')
        return init(context, {
          ...context.options,
          ...rest,
          ...answers,
          location: createVault,
          tenantId: tenant,
          vaultSecretName: vaultCopy,
        })
      }),
    )
  add('import', 'print the configuration of an email server profile made in the portal')
    .argument('<environment-url>', 'the environment: https://contoso.crm4.dynamics.com')
    .option('--profile <name>', 'the profile, if several use Hybrid Modern Authentication')
    .option('--tenant <id>', 'the tenant of Dynamics (default: looked up from the environment)')
    .addOption(cloud())
    .option('--out <file>', 'write the configuration to a file')
    .option('--force', 'overwrite an existing file')
    .action((environmentUrl: string, own: Omit<ImportArguments, 'environmentUrl'>, command: Commander) =>
      start(command, async (context) =>
        (await import('../import.ts')).importProfile(
          { ...context, json: context.options.json, files: context.options.file },
          { environmentUrl, ...own },
        ),
      ),
    )
}

const cloud = (): Option =>
  new Option('--cloud <name>', 'the cloud (default: from the configuration or the host name)').choices([
    ...['public', 'usgov', 'usgov-dod', 'china'],
  ])

interface Flags
  extends Pick<InitArguments, 'ewsUrl' | 'testMailbox' | 'vault' | 'resourceGroup' | 'name' | 'cloud' | 'out' | 'force'> {
  readonly environment?: string
  readonly tenant?: string
  readonly vaultTenant?: string
  readonly subscription?: string
  readonly createVault?: string
  readonly vaultCopy?: string
}
