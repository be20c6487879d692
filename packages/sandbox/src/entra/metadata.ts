import { issuerOf, type SigningKey } from './tokens.ts'

interface Issuing {
  readonly tenantId: string
  /** Scheme and host as the client asked for them. */
  readonly origin: string
}

/** OpenID Connect discovery, for either version of the endpoints. */
export function metadata({ tenantId, origin }: Issuing, version: 1 | 2): Record<string, unknown> {
  const path = version === 2 ? 'oauth2/v2.0' : 'oauth2'
  const shown = tenantId.length === 36 ? tenantId : '{tenantid}'
  return {
    token_endpoint: `${origin}/${tenantId}/${path}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${origin}/${tenantId}/discovery/${version === 2 ? 'v2.0/' : ''}keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: version === 2 ? `${origin}/${shown}/v2.0` : issuerOf(shown),
    authorization_endpoint: `${origin}/${tenantId}/${path}/authorize`,
    device_authorization_endpoint: `${origin}/${tenantId}/${path}/devicecode`,
    claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'nbf', 'tid', 'ver'],
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(origin).host,
  }
}

/** The keys with which tokens can be checked. */
export function publishedKeys({ publicKey, kid }: SigningKey): { keys: unknown[] } {
  const { n, e } = publicKey.export({ format: 'jwk' })
  return { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid, x5t: kid, n, e }] }
}
