import { type Command as Commander, Option } from 'commander'
import type { ImportArguments } from '../import.ts'
import type { InitArguments } from '../init/init.ts'
import type { Add, Start } from './command.ts'

/** The commands with which a configuration begins. */
export function beginning(add: Add, start: Start): void {
  add('init', 'write a first configuration, from a few answers')
    .option('--ews-url <url>', 'Exchange Web Services: mail.contoso.com, or the whole address')
    .option('--environment <url>', 'the Dynamics 365 environment; - for none')
    .option('--tenant <id>', 'the tenant of Exchange and Dynamics (default: as the environment or the mail domain tells)')
    .option('--vault <name>', 'the name of the vault, or its address')
    .option('--vault-tenant <id>', 'its tenant (default: as the vault tells)')
    .option('--subscription <id>', 'its subscription (default: as the Azure CLI or the vault tells)')
    .option('--resource-group <name>', 'its resource group')
    .option('--create-vault <region>', 'have hma make it there; - where it exists')
    .option('--name <name>', 'the name of the deployment')
    .addOption(cloud())
    .option('--out <file>', 'where to write it', 'hma.config.yaml')
    .option('--force', 'write over a file that is there')
    .addOption(new Option('-y, --yes', 'do not ask: take what is found'))
    .action((own: Flags, command: Commander) =>
      start(command, async (scene) => {
        const { environment, vaultTenant, subscription, createVault, tenant, ...rest } = own
        const answers = { environmentUrl: environment, vaultTenantId: vaultTenant, subscriptionId: subscription }
        const { init } = await import('../init/init.ts')
        return init(scene, { ...scene.options, ...rest, ...answers, location: createVault, tenantId: tenant })
      }),
    )
  add('import', 'print the configuration of an email server profile that somebody made in the portal')
    .argument('<environment-url>', 'the environment: https://contoso.crm4.dynamics.com')
    .option('--profile <name>', 'the profile, where the environment has several with Hybrid Modern Authentication')
    .option('--tenant <id>', 'the tenant of Dynamics (default: the one that the environment names)')
    .addOption(cloud())
    .option('--out <file>', 'write the configuration to a file')
    .option('--force', 'write over a file that is there')
    .action((environmentUrl: string, own: Omit<ImportArguments, 'environmentUrl'>, command: Commander) =>
      start(command, async (scene) =>
        (await import('../import.ts')).importProfile({ ...scene, json: scene.options.json }, { environmentUrl, ...own }),
      ),
    )
}

const cloud = (): Option =>
  new Option('--cloud <name>', 'the cloud (default: as the configuration or the host says)').choices([
    ...['public', 'usgov', 'usgov-dod', 'china'],
  ])

interface Flags extends Pick<InitArguments, 'ewsUrl' | 'vault' | 'resourceGroup' | 'name' | 'cloud' | 'out' | 'force'> {
  readonly environment?: string
  readonly tenant?: string
  readonly vaultTenant?: string
  readonly subscription?: string
  readonly createVault?: string
}
