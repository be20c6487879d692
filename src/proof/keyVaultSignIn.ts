import type { Application, PasswordCredential } from '../azure/directory/port.ts'
import type { Secret } from '../core/secret.ts'
import { hasBegun } from '../core/time.ts'
import { need, own, type Step } from './chain.ts'
import { type Finding, failed, type Lost, passed, skipped, warning } from './finding.ts'
import { type Ports, type Subject, until } from './subject.ts'

/** KV-App, signed in with its secret. */
export interface KeyVaultApp {
  readonly tenantId: string
  readonly appId: string
  readonly secret: Secret
}

/** Does KV-App sign in with the secret that Dynamics holds? Only the vault's copy can be tried; Dynamics never reveals it. */
export async function keyVaultSignIn(subject: Subject, ports: Ports, known: Step<true>): Promise<Finding<KeyVaultApp>> {
  await need(known)
  const { tenantId, key } = subject.keyVaultApp
  const [application, { keyId, applicationId }] = await Promise.all([
    own(ports.directory.application(tenantId, key)),
    own(subject.delivered()),
  ])
  if (!application) return absent('KV-App', 'appId' in key)
  if (applicationId !== undefined && applicationId !== application.appId.toLowerCase())
    return failed(
      `Dynamics signs in as ${applicationId}, not as KV-App (${application.appId}).`,
      'Run `hma apply` to write the id of KV-App to Dynamics.',
    )
  const held = keyId === undefined ? undefined : heldSecret(application, keyId, subject.now)
  if (held && 'status' in held) return held
  if (subject.secretName === undefined) return unknown(held, subject.now)
  return withCopy(subject.secretName, application, keyId, subject, ports)
}

/** A registration that the configuration names but does not exist. */
export const absent = (name: string, taken: boolean): Lost =>
  failed(
    `The registration ${name} does not exist.`,
    taken
      ? 'Correct its appId in the configuration.'
      : 'Run `hma plan` to see what is missing. To adopt a registration made by hand, add its appId to the configuration.',
  )

/** What KV-App shows about the secret that was given to Dynamics. */
function heldSecret({ passwordCredentials }: Application, keyId: string, now: Date): PasswordCredential | Lost {
  const found = passwordCredentials.find((one) => one.keyId === keyId)
  if (!found)
    return failed(
      `Dynamics holds a secret that KV-App no longer has (${keyId}).`,
      'Run `hma apply` to create a new one and deliver it to Dynamics.',
    )
  if (!hasBegun(found.start, now))
    return failed(
      `The secret that Dynamics holds (${keyId}) is valid from ${found.start} only.`,
      'Run `hma apply` to create a new one and deliver it to Dynamics.',
    )
  if (Date.parse(found.end) > now.getTime()) return found
  return failed(
    `The secret that Dynamics holds (${keyId}) expired on ${found.end.slice(0, 10)}.`,
    'Run `hma apply` to create a new one and deliver it to Dynamics. A scheduled `hma apply` renews it in time.',
  )
}

const unknown = (held: PasswordCredential | undefined, now: Date): Lost =>
  skipped(
    held
      ? `KV-App has the secret that Dynamics holds, valid until ${until(held.end, now)}; hma does not know its value.`
      : 'hma does not know the secret of KV-App.',
    'To prove this step, set keyVaultApp.clientSecret.vaultSecretName: hma then keeps a copy in the vault.',
  )

async function withCopy(
  name: string,
  { appId }: Application,
  keyId: string | undefined,
  { keyVaultApp: { tenantId }, vaultUri }: Subject,
  { keyVault, signIn }: Ports,
): Promise<Finding<KeyVaultApp>> {
  const about = await own(keyVault.secret(vaultUri, name))
  if (about?.enabled === false)
    return failed(`The secret of KV-App that the vault keeps as ${name} is disabled.`, 'Run `hma apply` to enable it.')
  const secret = about && (await own(keyVault.secretValue(vaultUri, name)))
  if (!secret)
    return failed(
      `The vault does not keep the secret of KV-App as ${name}.`,
      'Run `hma apply` to create a new one and keep it there.',
    )
  if (!(await signIn.accepts(tenantId, appId, secret)))
    return failed(
      `Entra rejects the secret that the vault keeps as ${name} for KV-App (AADSTS7000215).`,
      'Run `hma rotate clientSecret` to create a new one and deliver it to Dynamics and the vault.',
    )
  const value = { tenantId, appId, secret }
  if (keyId !== undefined && about?.tags.keyId !== undefined && about.tags.keyId !== keyId)
    return warning(
      `KV-App signs in with the vault's copy, which is not the secret that Dynamics holds (${keyId}).`,
      'Run `hma apply` to give both the same one.',
      value,
    )
  return passed(`KV-App signs in with the secret that the vault keeps as ${name}.`, value)
}
