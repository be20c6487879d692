import { Secret } from '../core/secret.ts'
import { originOf } from './origin.ts'
import { absolute } from './read/paths.ts'
import type { Certificate, Configuration, Credential, Mailbox, Written, WrittenSignIn } from './schema.ts'

/** Turns a document without mistakes into the one form that the rest of hma reads. */
export function complete(written: Written, folder: string): Configuration {
  const { auth, cloud, keyVault, certificate, keyVaultApp, hmaApp, exchange, dynamics, ...rest } = written
  const exchangeTenant = (hmaApp.tenantId ?? keyVault.tenantId).toLowerCase()
  return {
    ...rest,
    ...completeSignIn({ cloud, auth }, folder),
    keyVault: vault(keyVault),
    certificate: certificateOf(certificate, folder),
    keyVaultApp: { ...keyVaultApp, ...smallId(keyVaultApp) },
    hmaApp: { ...hmaApp, ...smallId(hmaApp), tenantId: exchangeTenant },
    exchange: exchangeOf(exchange, folder),
    ...(dynamics && { dynamics: profile(dynamics, exchangeTenant) }),
  }
}

/** How to sign in, and where. */
export const completeSignIn = ({ cloud, auth }: WrittenSignIn, folder: string): Pick<Configuration, 'cloud' | 'auth'> => ({
  cloud: typeof cloud === 'string' ? cloud : endpoints(cloud, folder),
  auth: Object.fromEntries(Object.entries(auth).map(([tenant, entry]) => [tenant.toLowerCase(), credential(entry, folder)])),
})

const endpoints = (cloud: Exclude<Written['cloud'], string>, folder: string) => ({
  ...cloud,
  authorityHost: originOf(cloud.authorityHost),
  resourceManager: originOf(cloud.resourceManager),
  graph: originOf(cloud.graph),
  keyVaultSuffix: cloud.keyVaultSuffix.toLowerCase(),
  ...(cloud.caFile !== undefined && { caFile: absolute(cloud.caFile, folder) }),
})

/** Resource Manager answers with `westeurope` for `West Europe`. */
const vault = ({ create, ...id }: Written['keyVault']) => ({
  ...id,
  tenantId: id.tenantId.toLowerCase(),
  subscriptionId: id.subscriptionId.toLowerCase(),
  ...(create && { create: { ...create, location: create.location.replaceAll(' ', '').toLowerCase() } }),
})

const smallId = ({ appId }: { appId?: string }) => (appId === undefined ? {} : { appId: appId.toLowerCase() })

/** The checks guarantee it; a failure here is a bug in hma. */
function present(value: string | undefined, field: string): string {
  if (value === undefined) throw new Error(`${field} is missing from a configuration that was found valid`)
  return value
}

function credential(entry: Written['auth'][string], folder: string): Credential {
  const { credential, clientSecret, certificateFile, certificatePassword } = entry
  const client = smallClient(entry)
  if (credential === 'clientSecret')
    return {
      credential,
      clientId: present(client.clientId, 'clientId'),
      clientSecret: new Secret(present(clientSecret, 'clientSecret')),
    }
  if (credential === 'clientCertificate')
    return {
      credential,
      clientId: present(client.clientId, 'clientId'),
      certificateFile: absolute(present(certificateFile, 'certificateFile'), folder),
      ...(certificatePassword !== undefined && { certificatePassword: new Secret(certificatePassword) }),
    }
  return { credential, ...client }
}

const smallClient = ({ clientId }: { clientId?: string }) => (clientId === undefined ? {} : { clientId: clientId.toLowerCase() })

function certificateOf(written: Written['certificate'], folder: string): Certificate {
  const { source, signedFile, file, password, ...rest } = written
  const common = { ...rest, subject: rest.subject ?? `CN=${rest.name}` }
  if (source === 'csr') return { ...common, source, signedFile: absolute(present(signedFile, 'signedFile'), folder) }
  if (source === 'generate') return { ...common, source }
  const key = password === undefined ? {} : { password: new Secret(password) }
  return { ...common, source, file: absolute(present(file, 'file'), folder), ...key }
}

const exchangeOf = ({ mailboxScope, setup, evidence, ...exchange }: Written['exchange'], folder: string) => ({
  ...exchange,
  resourceId: exchange.resourceId ?? originOf(exchange.ewsUrl),
  ...(mailboxScope && { mailboxScope: { ...mailboxScope, script: absolute(mailboxScope.script, folder) } }),
  ...(setup && { setup: { script: absolute(setup.script, folder) } }),
  ...(evidence !== undefined && { evidence: absolute(evidence, folder) }),
})

const profile = ({ environmentUrl, tenantId, mailboxes, ...rest }: NonNullable<Written['dynamics']>, exchangeTenant: string) => ({
  ...rest,
  environmentUrl: originOf(environmentUrl),
  tenantId: tenantId?.toLowerCase() ?? exchangeTenant,
  mailboxes: mailboxes.map(mailbox),
})

const mailbox = (written: NonNullable<Written['dynamics']>['mailboxes'][number]): Mailbox =>
  typeof written === 'string'
    ? { address: written, approve: true, testAndEnable: true }
    : { address: written.address, approve: written.approve ?? true, testAndEnable: written.testAndEnable ?? true }
