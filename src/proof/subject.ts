import type { SignIn } from '../azure/appSignIn/port.ts'
import type { Dataverse, Organization } from '../azure/dataverse/port.ts'
import type { Directory } from '../azure/directory/port.ts'
import type { Exchange } from '../azure/exchange/port.ts'
import type { KeyVault } from '../azure/keyVault/port.ts'
import { daysUntil } from '../core/time.ts'
import type { Evidence } from './evidence/schema.ts'

/** A registration, as the configuration names it. */
export interface Registration {
  readonly tenantId: string
  readonly key: { readonly uniqueName: string } | { readonly appId: string }
}

export interface Delivered {
  readonly keyId?: string
  readonly applicationId?: string
}

/** What is to be proven of one deployment. */
export interface Subject {
  readonly now: Date
  readonly ewsUrl: string
  readonly resourceId: string
  /** Whose inbox is opened. */
  readonly mailbox: string | undefined
  /** Hosts at which this cloud signs in. */
  readonly signInHosts: readonly string[]
  readonly keyVaultApp: Registration
  readonly hmaApp: Registration
  /** `https://kv-contoso-mail.vault.azure.net` */
  readonly vaultUri: string
  readonly certificateName: string
  readonly renewBeforeDays: number
  /** Where the vault keeps KV-App's secret. */
  readonly secretName: string | undefined
  /** The profile that Dynamics signs in by, where the configuration has one: what tells which one it is. */
  readonly profile:
    | { readonly organization: Organization; readonly id: string; readonly name: string; readonly deployment: string }
    | undefined
  /** What a script saw on Exchange itself, where the configuration names it; and the deployment that looks. */
  readonly evidence?: {
    readonly name: string
    readonly deployment: string
    read(): Promise<Evidence | undefined>
  }
  /** The keyId of the secret that Dynamics holds, and the application that it signs in as with it; what of it Dynamics tells. */
  delivered(): Promise<Delivered>
}

/** The services, as far as the proof uses them. */
export interface Ports {
  readonly directory: Pick<Directory, 'application' | 'servicePrincipal'>
  readonly keyVault: Pick<KeyVault, 'certificate' | 'secret' | 'secretValue'>
  readonly dataverse: Pick<Dataverse, 'profiles' | 'organizationId'>
  readonly signIn: SignIn
  readonly exchange: Exchange
}

/** `2027-02-11 (80 days left)` */
export const until = (instant: string, now: Date): string =>
  `${instant.slice(0, 10)} (${left(daysUntil(Date.parse(instant), now))})`

const left = (days: number): string => (days < 0 ? `${-days} days ago` : days === 1 ? '1 day left' : `${days} days left`)
