import type { SignIn } from '../azure/appSignIn/port.ts'
import type { Dataverse, Organization } from '../azure/dataverse/port.ts'
import type { Directory } from '../azure/directory/port.ts'
import type { Exchange } from '../azure/exchange/port.ts'
import type { KeyVault } from '../azure/keyVault/port.ts'
import { daysUntil } from '../core/time.ts'
import type { Evidence } from './evidence/schema.ts'

/** A registration as the configuration names it. */
export interface ConfiguredRegistration {
  readonly tenantId: string
  readonly key: { readonly uniqueName: string } | { readonly appId: string }
}

export interface Delivered {
  readonly keyId?: string
  readonly applicationId?: string
}

/** What to prove about one deployment. */
export interface Subject {
  readonly now: Date
  /** By how much the machine's clock is off, measured by the services' answers; undefined if it is right. */
  clockOff(): string | undefined
  readonly ewsUrl: string
  readonly resourceId: string
  /** The mailbox whose inbox is opened. */
  readonly mailbox: string | undefined
  /** This cloud's sign-in hosts. */
  readonly signInHosts: readonly string[]
  readonly keyVaultApp: ConfiguredRegistration
  readonly hmaApp: ConfiguredRegistration
  /** `https://kv-contoso-mail.vault.azure.net` */
  readonly vaultUri: string
  readonly certificateName: string
  readonly renewBeforeDays: number
  /** Where the vault keeps KV-App's secret. */
  readonly secretName: string | undefined
  /** The profile that Dynamics signs in with, if the configuration has one, and how to identify it. */
  readonly profile:
    | { readonly organization: Organization; readonly id: string; readonly name: string; readonly deployment: string }
    | undefined
  /** What a script saw on Exchange itself, if the configuration names it, and the deployment that asks. */
  readonly evidence?: {
    readonly name: string
    readonly deployment: string
    read(): Promise<Evidence | undefined>
  }
  /** The keyId of the secret that Dynamics holds and the application it signs in as, as far as Dynamics shows them. */
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
