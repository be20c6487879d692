import { equal, ok } from 'node:assert/strict'
import { ClientSecretCredential } from '@azure/identity'
import { XhrApi } from '@ewsjs/xhr'
import { Client } from '@microsoft/microsoft-graph-client'
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js'
import * as ews from 'ews-javascript-api'
import { fresh } from './expect.mjs'

const {
  SANDBOX_MAIL_TENANT: tenant,
  SANDBOX_MAIL_ID: id,
  SANDBOX_MAIL_SECRET: secret,
  SANDBOX_EWS: url,
  SANDBOX_MAILBOX: mailbox,
} = process.env

ews.ConfigurationApi.ConfigureXHR(new XhrApi().useProxy(process.env.HTTPS_PROXY))

const credential = new ClientSecretCredential(tenant, id, secret)
const exchangeOnline = "servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')"

/** Done once by a tenant's administrator: allows the application to read every mailbox. */
async function consent() {
  const scopes = ['https://graph.microsoft.com/.default']
  const graph = Client.initWithMiddleware({ authProvider: new TokenCredentialAuthenticationProvider(credential, { scopes }) })
  const resource = await graph.api(`/${exchangeOnline}`).get()
  const appRoleId = resource.appRoles.find(({ value }) => value === 'full_access_as_app').id
  const { id: principalId } = await graph.api(`/servicePrincipals(appId='${id}')`).get()
  await graph
    .api(`/servicePrincipals/${principalId}/appRoleAssignments`)
    .post({ principalId, resourceId: resource.id, appRoleId })
}

async function service() {
  const { token } = await credential.getToken(`${new URL(url).origin}/.default`)
  const exchange = new ews.ExchangeService(ews.ExchangeVersion.Exchange2016)
  exchange.Url = new ews.Uri(url)
  exchange.Credentials = new ews.OAuthCredentials(token)
  exchange.ImpersonatedUserId = new ews.ImpersonatedUserId(ews.ConnectingIdType.SmtpAddress, mailbox)
  return exchange
}

export const clients = {
  'ews-javascript-api': {
    'bind to the inbox of an impersonated mailbox, once consent is there': async () => {
      await consent()
      equal((await ews.Folder.Bind(await service(), ews.WellKnownFolderName.Inbox)).DisplayName, 'Inbox')
    },
    'find folders': async () => {
      const view = new ews.FolderView(10)
      ok((await (await service()).FindFolders(ews.WellKnownFolderName.MsgFolderRoot, view)).Folders.length > 1)
    },
    'send a message, find it, read it, and synchronize it': async () => {
      const exchange = await service()
      const message = new ews.EmailMessage(exchange)
      message.Subject = fresh('client')
      message.Body = new ews.MessageBody(ews.BodyType.Text, 'It works.')
      message.ToRecipients.Add(mailbox)
      await message.SendAndSaveCopy()
      const found = await exchange.FindItems(ews.WellKnownFolderName.Inbox, new ews.ItemView(1))
      equal(found.Items[0].Subject, message.Subject)
      const read = await ews.EmailMessage.Bind(exchange, found.Items[0].Id)
      equal(read.Body.Text, 'It works.')
      const inbox = new ews.FolderId(ews.WellKnownFolderName.Inbox)
      const sync = (state) =>
        exchange.SyncFolderItems(inbox, ews.PropertySet.IdOnly, [], 10, ews.SyncFolderItemsScope.NormalItems, state)
      const { SyncState: state, Count: count } = await sync(null)
      ok(count > 0)
      equal((await sync(state)).Count, 0)
    },
    'search, change and delete messages, and synchronize that': async () => {
      const exchange = await service()
      const drafts = new ews.FolderId(ews.WellKnownFolderName.Drafts)
      const message = new ews.EmailMessage(exchange)
      message.Subject = fresh('search')
      await message.Save(ews.WellKnownFolderName.Drafts)
      const filter = new ews.SearchFilter.ContainsSubstring(ews.ItemSchema.Subject, message.Subject)
      const { Items: found } = await exchange.FindItems(ews.WellKnownFolderName.Drafts, filter, new ews.ItemView(10))
      equal(found.length, 1)
      const sync = (state) =>
        exchange.SyncFolderItems(drafts, ews.PropertySet.IdOnly, [], 100, ews.SyncFolderItemsScope.NormalItems, state)
      const before = await sync(null)
      const draft = await ews.EmailMessage.Bind(exchange, found[0].Id)
      draft.Subject = `${message.Subject} changed`
      await draft.Update(ews.ConflictResolutionMode.AutoResolve)
      const changed = await sync(before.SyncState)
      equal(changed._getItem(0).ChangeType, ews.ChangeType.Update)
      await draft.Delete(ews.DeleteMode.MoveToDeletedItems)
      equal((await sync(changed.SyncState))._getItem(0).ChangeType, ews.ChangeType.Delete)
    },
    'resolve a name': async () =>
      equal((await (await service()).ResolveName(mailbox))._getItem(0).Mailbox.Address.toLowerCase(), mailbox.toLowerCase()),
  },
}
