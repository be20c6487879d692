import { AzureError, unlessAbsent } from '../errors/azureError.ts'
import { deletedItems, encodedLiteral } from './applications.ts'
import type { GraphApi } from './graph.ts'
import type { Directory } from './port.ts'
import { appRoleAssignmentOf, servicePrincipalOf, servicePrincipalSelect } from './shapes.ts'

type ServicePrincipals = Pick<
  Directory,
  | 'servicePrincipal'
  | 'deletedServicePrincipal'
  | 'restoreServicePrincipal'
  | 'createServicePrincipal'
  | 'enableServicePrincipal'
  | 'setServicePrincipalNames'
  | 'appRoleAssignments'
  | 'grantAppRole'
>

const toRead = 'the Graph permission Application.Read.All'
const toWrite = 'the Graph permission Application.ReadWrite.OwnedBy (for applications that it owns) or Application.ReadWrite.All'
/** Microsoft's service principals have no owner, so a right over owned objects does not cover them. */
const toName =
  'the Graph permission Application.ReadWrite.All; or let an administrator add the name: exchange.servicePrincipalName: check'
const toGrant =
  'the Graph permission AppRoleAssignment.ReadWrite.All (with Application.Read.All), or the role Cloud Application Administrator; or let an administrator consent: hmaApp.adminConsent: manual'

/** Service principals, and the permissions granted to them. */
export function servicePrincipals(graph: GraphApi): ServicePrincipals {
  return {
    async servicePrincipal(tenantId, appId) {
      const path = `/servicePrincipals(appId=${encodedLiteral(appId)})?${servicePrincipalSelect}`
      const doing = `read the service principal of ${appId}`
      const found = await unlessAbsent(graph.call({ tenantId, method: 'GET', path, doing, needs: toRead }))
      return found === undefined ? undefined : servicePrincipalOf(found)
    },
    async deletedServicePrincipal(tenantId, appId) {
      const path = `${deletedItems}/microsoft.graph.servicePrincipal?$select=id,appId&$top=999`
      const doing = 'look through the deleted service principals'
      const found = await graph.list({ tenantId, method: 'GET', path, doing, needs: toRead })
      const deleted = found.find((each) => each.optionalString('appId') === appId)
      return deleted === undefined ? undefined : { id: deleted.string('id') }
    },
    async restoreServicePrincipal(tenantId, id) {
      const path = `${deletedItems}/${id}/restore`
      await graph.call({ tenantId, method: 'POST', path, doing: 'restore the service principal', needs: toWrite })
    },
    async createServicePrincipal(tenantId, appId) {
      const doing = `create the service principal of ${appId}`
      await graph.call({ tenantId, method: 'POST', path: '/servicePrincipals', doing, needs: toWrite, body: { appId } })
    },
    async enableServicePrincipal(tenantId, id) {
      const body = { accountEnabled: true }
      const doing = 'enable the service principal'
      await graph.call({ tenantId, method: 'PATCH', path: `/servicePrincipals/${id}`, doing, needs: toWrite, body })
    },
    async setServicePrincipalNames(tenantId, id, names) {
      const doing = 'add a service principal name'
      const body = { servicePrincipalNames: names }
      await graph.call({ tenantId, method: 'PATCH', path: `/servicePrincipals/${id}`, doing, needs: toName, body })
    },
    async appRoleAssignments(tenantId, principal) {
      const [key, name] =
        typeof principal === 'string'
          ? [`/${principal}`, principal]
          : [`(appId=${encodedLiteral(principal.appId)})`, principal.appId]
      const path = `/servicePrincipals${key}/appRoleAssignments`
      const doing = `read what was consented to for ${name}`
      const found = await unlessAbsent(graph.list({ tenantId, method: 'GET', path, doing, needs: toRead }))
      return (found ?? []).map(appRoleAssignmentOf)
    },
    async grantAppRole(tenantId, grant) {
      const path = `/servicePrincipals/${grant.resourceId}/appRoleAssignedTo`
      try {
        await graph.call({ tenantId, method: 'POST', path, doing: 'consent to the permission', needs: toGrant, body: grant })
      } catch (error) {
        const granted = error instanceof AzureError && /already exists on the object/i.test(error.reason)
        if (!granted) throw error
      }
    },
  }
}
