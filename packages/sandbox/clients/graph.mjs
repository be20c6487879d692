import { deepEqual, equal, ok } from 'node:assert/strict'
import { DefaultAzureCredential } from '@azure/identity'
import { Client, PageIterator } from '@microsoft/microsoft-graph-client'
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js'
import { fresh } from './expect.mjs'

const scopes = ['https://graph.microsoft.com/.default']
const authProvider = new TokenCredentialAuthenticationProvider(new DefaultAzureCredential(), { scopes })
const graph = Client.initWithMiddleware({ authProvider })
const displayName = fresh('client')

export const clients = {
  '@microsoft/microsoft-graph-client': {
    'applications: create, change, filter, page and delete': async () => {
      const { id } = await graph.api('/applications').post({ displayName })
      await graph.api(`/applications/${id}`).patch({ notes: 'kept' })
      const found = await graph.api('/applications').filter(`displayName eq '${displayName}'`).select(['id', 'notes']).get()
      deepEqual(found.value, [{ id, notes: 'kept' }])
      const names = []
      const first = await graph.api('/applications').top(1).get()
      await new PageIterator(graph, first, (one) => names.push(one.displayName) > 0).iterate()
      ok(names.includes(displayName))
      await graph.api(`/applications/${id}`).delete()
    },
    'search, which the index answers': async () => {
      const { value } = await graph
        .api('/servicePrincipals')
        .header('ConsistencyLevel', 'eventual')
        .search('"displayName:Microsoft Graph"')
        .get()
      equal(value[0].appId, '00000003-0000-0000-c000-000000000000')
    },
    beta: async () => ok((await graph.api('/applications').version('beta').top(1).get()).value),
    'groups and their members': async () => {
      const group = { displayName, mailEnabled: false, mailNickname: displayName, securityEnabled: true }
      const { id } = await graph.api('/groups').post(group)
      const [{ id: member }] = (await graph.api('/servicePrincipals').top(1).get()).value
      await graph
        .api(`/groups/${id}/members/$ref`)
        .post({ '@odata.id': `https://graph.microsoft.com/v1.0/directoryObjects/${member}` })
      equal((await graph.api(`/groups/${id}/members`).get()).value[0].id, member)
      await graph.api(`/groups/${id}`).delete()
    },
    'changes since the last query': async () => {
      const begun = await graph.api('/groups/delta').select('displayName').get()
      const group = { displayName, mailEnabled: false, mailNickname: displayName, securityEnabled: true }
      const { id } = await graph.api('/groups').post(group)
      const next = await graph.api(begun['@odata.deltaLink']).get()
      deepEqual(next.value, [{ displayName, id }])
      await graph.api(`/groups/${id}`).delete()
      deepEqual((await graph.api(next['@odata.deltaLink']).get()).value, [{ id, '@removed': { reason: 'deleted' } }])
    },
    'an error with its code': async () => {
      const error = await graph
        .api('/applications/none')
        .get()
        .catch((reason) => reason)
      deepEqual([error.statusCode, error.code], [400, 'Request_BadRequest'])
    },
  },
}
