import { deepEqual, equal, ok } from 'node:assert/strict'
import { ClientSecretCredential } from '@azure/identity'
import { DynamicsWebApi } from 'dynamics-web-api'
import { fresh } from './expect.mjs'

const {
  SANDBOX_MAIL_TENANT: tenant,
  SANDBOX_MAIL_ID: id,
  SANDBOX_MAIL_SECRET: secret,
  SANDBOX_DATAVERSE: serverUrl,
} = process.env
const credential = new ClientSecretCredential(tenant, id, secret)
const dynamics = new DynamicsWebApi({
  serverUrl,
  dataApi: { version: '9.2' },
  onTokenRefresh: async () => (await credential.getToken(`${serverUrl}/.default`)).token,
  proxy: { url: process.env.HTTPS_PROXY },
})
const name = fresh('client')
const rows = { collection: 'emailserverprofiles' }

export const clients = {
  'dynamics-web-api': {
    'functions: WhoAmI, RetrieveVersion': async () => {
      ok((await dynamics.callFunction('WhoAmI')).UserId)
      ok((await dynamics.callFunction('RetrieveVersion')).Version)
    },
    'create, read, change, count, filter and delete rows': async () => {
      const made = await dynamics.create({
        ...rows,
        data: { name, servertype: 0, exchangeversion: 5 },
        returnRepresentation: true,
      })
      const key = made.emailserverprofileid
      await dynamics.update({ ...rows, key, data: { name: `${name}-2` } })
      equal((await dynamics.retrieve({ ...rows, key, select: ['name'] })).name, `${name}-2`)
      const found = await dynamics.retrieveMultiple({ ...rows, select: ['name'], filter: `name eq '${name}-2'`, count: true })
      deepEqual([found.value.length, found.oDataCount], [1, 1])
      equal(await dynamics.count({ ...rows, filter: `name eq '${name}-2'` }), 1)
      await dynamics.deleteRecord({ ...rows, key })
      const error = await dynamics.retrieve({ ...rows, key }).catch((reason) => reason)
      equal(error.status, 404)
    },
    'pages, and FetchXML': async () => {
      const first = await dynamics.retrieveMultiple({ collection: 'systemusers', select: ['fullname'], maxPageSize: 1 })
      ok(first.oDataNextLink)
      ok((await dynamics.retrieveMultiple({ collection: 'systemusers' }, first.oDataNextLink)).value.length > 0)
      const fetchXml = '<fetch><entity name="systemuser"><attribute name="fullname"/></entity></fetch>'
      ok((await dynamics.fetch({ collection: 'systemusers', fetchXml })).value.length > 1)
    },
    'a change set': async () => {
      dynamics.startBatch()
      for (const each of [1, 2])
        dynamics.create({ ...rows, data: { name: `${name}-${each}`, servertype: 0 }, contentId: String(each) })
      equal((await dynamics.executeBatch()).length, 2)
    },
    'aggregates, and actions for several rows': async () => {
      const Targets = [1, 2].map((each) => ({
        '@odata.type': 'Microsoft.Dynamics.CRM.emailserverprofile',
        name: `${name}-many-${each}`,
        servertype: 0,
      }))
      const { Ids } = await dynamics.callAction({
        ...rows,
        actionName: 'Microsoft.Dynamics.CRM.CreateMultiple',
        action: { Targets },
      })
      equal(Ids.length, 2)
      const apply = `filter(startswith(name,'${name}-many'))/aggregate($count as count)`
      deepEqual((await dynamics.retrieveMultiple({ ...rows, apply })).value, [{ count: 2 }])
    },
    'roles of users': async () => {
      const { UserId: key } = await dynamics.callFunction('WhoAmI')
      const expand = [{ property: 'systemuserroles_association', select: ['name'] }]
      const user = await dynamics.retrieve({ collection: 'systemusers', key, select: ['fullname'], expand })
      equal(user.systemuserroles_association[0].name, 'System Administrator')
      const filter = "name eq 'Sandbox Reader'"
      const { value } = await dynamics.retrieveMultiple({ collection: 'roles', select: ['name'], filter })
      const relationship = { primaryKey: key, relationshipName: 'systemuserroles_association', relatedCollection: 'roles' }
      const association = { collection: 'systemusers', ...relationship, relatedKey: value[0].roleid }
      await dynamics.associate(association)
      await dynamics.disassociate(association)
    },
    'metadata: entities, attributes, relationships, option sets': async () => {
      const { value } = await dynamics.retrieveEntities({ select: ['LogicalName'], filter: "LogicalName eq 'mailbox'" })
      const key = value[0].MetadataId
      ok((await dynamics.retrieveAttributes({ entityKey: key, select: ['LogicalName'] })).value.length > 1)
      ok(
        (await dynamics.retrieveRelationships({ relationshipType: 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata' }))
          .value,
      )
      const sets = await dynamics.retrieveGlobalOptionSets({ select: ['Name'] })
      ok(sets.value.some(({ Name }) => Name === 'componentstate'))
    },
  },
}
