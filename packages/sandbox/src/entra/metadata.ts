import { issuerOf, type SigningKey } from './tokens.ts'

export interface Issuing {
  /** A tenant's id, or a name such as `common`. */
  readonly tenantId: string
  /** Scheme and host as the client asked for them. */
  readonly origin: string
}

const shownOf = ({ tenantId }: Issuing): string => (tenantId.length === 36 ? tenantId : '{tenantid}')

const issuer = (issuing: Issuing, version: 1 | 2): string =>
  version === 2 ? `${issuing.origin}/${shownOf(issuing)}/v2.0` : issuerOf(shownOf(issuing))

const claims =
  'sub iss cloud_instance_name cloud_instance_host_name cloud_graph_host_name msgraph_host aud exp iat auth_time acr nonce preferred_username name tid ver at_hash c_hash email'

/** OpenID Connect discovery, for either version of the endpoints, with every field that Entra publishes. */
export function metadata(issuing: Issuing, version: 1 | 2): Record<string, unknown> {
  const { tenantId, origin } = issuing
  const base = `${origin}/${tenantId}`
  const path = version === 2 ? 'oauth2/v2.0' : 'oauth2'
  return {
    token_endpoint: `${base}/${path}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/${version === 2 ? 'v2.0/' : ''}keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: issuer(issuing, version),
    request_uri_parameter_supported: false,
    userinfo_endpoint: version === 2 ? 'https://graph.microsoft.com/oidc/userinfo' : `${base}/openid/userinfo`,
    authorization_endpoint: `${base}/${path}/authorize`,
    device_authorization_endpoint: `${base}/${path}/devicecode`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/${path}/logout`,
    claims_supported: claims.split(' '),
    kerberos_endpoint: `${base}/kerberos`,
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(origin).host.replace(/^login\./, ''),
    cloud_graph_host_name: 'graph.windows.net',
    msgraph_host: 'graph.microsoft.com',
    rbac_url: 'https://pas.windows.net',
  }
}

/** The keys with which tokens can be checked, each with its certificate. */
export function publishedKeys({ publicKey, kid, certificate }: SigningKey, issuing: Issuing, version: 1 | 2) {
  const { n, e } = publicKey.export({ format: 'jwk' })
  const key = { kty: 'RSA', use: 'sig', kid, x5t: kid, n, e, x5c: [certificate] }
  return {
    keys: [version === 2 ? { ...key, cloud_instance_name: new URL(issuing.origin).host, issuer: issuer(issuing, 2) } : key],
  }
}
