import { equal, ok } from 'node:assert/strict'
import { ConfidentialClientApplication } from '@azure/msal-node'
import * as oidc from 'openid-client'

const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: clientSecret } = process.env
const authority = `https://login.microsoftonline.com/${tenant}`
const scope = 'https://graph.microsoft.com/.default'

const discovered = () => oidc.discovery(new URL(`${authority}/v2.0`), clientId, clientSecret)

export const clients = {
  '@azure/msal-node': {
    'client credentials by secret, then from its cache': async () => {
      const application = new ConfidentialClientApplication({ auth: { clientId, clientSecret, authority } })
      const { accessToken, fromCache } = await application.acquireTokenByClientCredential({ scopes: [scope] })
      ok(accessToken && !fromCache)
      ok((await application.acquireTokenByClientCredential({ scopes: [scope] })).fromCache)
    },
    'a wrong secret, and why': async () => {
      const application = new ConfidentialClientApplication({ auth: { clientId, clientSecret: 'wrong', authority } })
      const error = await application.acquireTokenByClientCredential({ scopes: [scope] }).catch((reason) => reason)
      ok(String(error.message).includes('AADSTS7000215'), error.message)
    },
  },
  'openid-client': {
    discovery: async () => equal((await discovered()).serverMetadata().issuer, `${authority}/v2.0`),
    'client credentials': async () => {
      const { access_token, token_type } = await oidc.clientCredentialsGrant(await discovered(), { scope })
      ok(access_token)
      equal(token_type, 'bearer')
    },
    'a device code': async () => {
      const { user_code } = await oidc.initiateDeviceAuthorization(await discovered(), { scope: 'openid' })
      ok(user_code)
    },
  },
}
