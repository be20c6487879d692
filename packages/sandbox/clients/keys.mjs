import { deepEqual, equal, ok } from 'node:assert/strict'
import { DefaultAzureCredential } from '@azure/identity'
import { CertificateClient } from '@azure/keyvault-certificates'
import { CryptographyClient, KeyClient } from '@azure/keyvault-keys'
import { SecretClient } from '@azure/keyvault-secrets'
import { all, fresh, refused } from './expect.mjs'

const credential = new DefaultAzureCredential()
const vault = process.env.SANDBOX_VAULT
const keys = new KeyClient(vault, credential)
const secrets = new SecretClient(vault, credential)
const certificates = new CertificateClient(vault, credential)
const name = fresh('client')
const bytes = Buffer.from('sixteen bytes...')

export const clients = {
  '@azure/keyvault-keys': {
    'create, list, update and rotate keys': async () => {
      const key = await keys.createRsaKey(name, { keySize: 2048, tags: { of: 'test' } })
      equal((await keys.getKey(name)).key.kty, 'RSA')
      await keys.updateKeyProperties(name, { enabled: true, tags: { of: 'others' } })
      const rotated = await keys.rotateKey(name)
      ok(rotated.properties.version !== key.properties.version)
      equal((await all(keys.listPropertiesOfKeyVersions(name))).length, 2)
      ok((await all(keys.listPropertiesOfKeys())).some((one) => one.name === name))
      await refused(keys.getKey('none'), 'KeyNotFound')
    },
    'a rotation policy': async () => {
      await keys.updateKeyRotationPolicy(name, {
        expiresIn: 'P90D',
        lifetimeActions: [{ action: 'Rotate', timeBeforeExpiry: 'P30D' }],
      })
      equal((await keys.getKeyRotationPolicy(name)).expiresIn, 'P90D')
    },
    'encrypt, wrap and sign, in the vault': async () => {
      const rsa = new CryptographyClient((await keys.getKey(name)).id, credential)
      for (const [hide, show] of [
        ['encrypt', 'decrypt'],
        ['wrapKey', 'unwrapKey'],
      ]) {
        const { result } = await rsa[hide]('RSA-OAEP-256', bytes)
        deepEqual(Buffer.from((await rsa[show]('RSA-OAEP-256', result)).result), bytes)
      }
      const ec = new CryptographyClient((await keys.createEcKey(`${name}-ec`, { curve: 'P-256' })).id, credential)
      const { result } = await ec.signData('ES256', bytes)
      ok((await ec.verifyData('ES256', bytes, result)).result)
    },
    'back up, and delete': async () => {
      ok((await keys.backupKey(name)).length > 0)
      await keys.beginDeleteKey(name)
      await refused(keys.getKey(name), 'KeyNotFound')
    },
  },
  '@azure/keyvault-secrets': {
    'write, read, list and delete a secret': async () => {
      await secrets.setSecret(name, '1', { contentType: 'text/plain', expiresOn: new Date(Date.now() + 86_400_000) })
      equal((await secrets.getSecret(name)).value, '1')
      ok((await all(secrets.listPropertiesOfSecrets())).some((one) => one.name === name))
      await secrets.beginDeleteSecret(name)
    },
  },
  '@azure/keyvault-certificates': {
    'issue a certificate signed by itself': async () => {
      const policy = { issuerName: 'Self', subject: 'CN=client.example', keySize: 2048 }
      await certificates.beginCreateCertificate(`${name}-cert`, policy)
      const operation = await certificates.getCertificateOperation(`${name}-cert`)
      ok(operation.getOperationState().certificateOperation?.csr)
      equal((await certificates.getCertificatePolicy(`${name}-cert`)).issuerName, 'Self')
    },
  },
}
