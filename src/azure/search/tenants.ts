import type { Cloud } from '../cloud.ts'
import { asking } from '../errors/ask.ts'
import { AzureError } from '../errors/azureError.ts'
import { fieldsOf } from '../http/shape.ts'
import type { Transport } from '../http/transport.ts'
import type { Search } from './port.ts'

/** The issuer in a tenant's metadata names it by its id: https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc */
export const searchTenants = (transport: Transport, cloud: Cloud): Pick<Search, 'tenantOfDomain'> => ({
  async tenantOfDomain(domain) {
    const url = `${cloud.authorityHost}/${encodeURIComponent(domain)}/v2.0/.well-known/openid-configuration`
    const request = { method: 'GET', url, headers: { accept: 'application/json' } }
    try {
      return await asking({ service: 'login', doing: `look for the tenant of ${domain}` }, async () => {
        const answer = await transport.send(request)
        if (answer.status !== 200) return undefined
        const issuer = fieldsOf(JSON.parse(answer.body), 'the metadata').optionalString('issuer')
        return /\/([0-9a-f]{8}-[0-9a-f-]{27})\//i.exec(issuer ?? '')?.[1]?.toLowerCase()
      })
    } catch (error) {
      if (error instanceof AzureError) return undefined
      throw error
    }
  },
})
