import { randomUUID } from 'node:crypto'
import { type Context, Hono } from 'hono'
import type { Azure } from '../azure.ts'
import { noteIgnored } from '../honoured.ts'
import { callerOf } from './challenge.ts'
import { deleteItem, updateItem } from './changeItems.ts'
import { createItem } from './createItem.ts'
import { findFolder } from './findFolder.ts'
import { getFolder } from './getFolder.ts'
import { ignoredElements } from './honouredElements.ts'
import { impersonated } from './impersonation.ts'
import { findItem, getItem } from './readItems.ts'
import { resolveNames } from './resolveNames.ts'
import { serverAt } from './server.ts'
import { fault, schemaFault } from './soap.ts'
import type { ExchangeServer } from './state.ts'
import { syncFolderItems } from './syncItems.ts'
import { wsdl } from './wsdl.ts'
import { type Element, find, readXml } from './xml.ts'

/** Exchange Web Services at the addresses of the world's Exchange organisations. */
export function exchange(azure: Azure): Hono {
  const app = new Hono()
  app.all('*', async (context) => {
    const server = serverAt(azure.world.exchange, new URL(context.req.url).host)
    if (server === undefined) return new Response(null, { status: 404 })
    const one = anyOf(azure, server)
    return inFront(one, context) ?? marked(one, context, await answer(azure, one, context.req.raw))
  })
  return app
}

/** One of the servers behind the name, all with the same mailboxes: any of them, if there are several. */
function anyOf(azure: Azure, server: ExchangeServer): ExchangeServer {
  const builds = [server.build, ...(server.otherBuilds ?? [])]
  if (builds.length === 1) return server
  server.items ??= {}
  server.gone ??= {}
  const index = Math.floor(azure.random() * builds.length)
  const serverName = `${server.serverName.replace(/\d+$/, '')}0${index + 1}`
  return { ...server, serverName, build: builds[index] ?? server.build }
}

/** The answer of a pre-authenticating proxy; Exchange never sees the request. */
function inFront(server: ExchangeServer, context: Context): Response | undefined {
  if (server.preAuthentication === 'redirect') {
    const form = `${new URL(context.req.url).origin}/CookieAuth.dll?GetLogon?formdir=3&curl=Z2FEWSZ2FExchange.asmx`
    return new Response(null, { status: 302, headers: { Location: form } })
  }
  return server.preAuthentication === 'loginTimeout' ? new Response(null, { status: 440 }) : undefined
}

/** Headers by which support finds a request again. */
function marked(server: ExchangeServer, context: Context, response: Response): Response {
  response.headers.set('request-id', randomUUID())
  response.headers.set('X-FEServer', server.serverName)
  response.headers.set('X-Powered-By', 'ASP.NET')
  const clientId = context.req.header('client-request-id')
  if (clientId !== undefined && context.req.header('return-client-request-id')?.toLowerCase() === 'true')
    response.headers.set('client-request-id', clientId)
  return response
}

/**
 * Outlook on the web sends to its sign-in page, and names its build to anyone. UNCONFIRMED by Microsoft; seen by many:
 * https://github.com/rapid7/metasploit-framework/blob/master/lib/msf/core/exploit/remote/http/exchange.rb
 */
function outlook({ build, hidesBuild }: ExchangeServer, request: Request): Response {
  const page = `${new URL(request.url).origin}/owa/auth/logon.aspx?url=${encodeURIComponent(request.url)}&reason=0`
  return new Response(null, { status: 302, headers: { Location: page, ...(hidesBuild ? {} : { 'X-OWA-Version': build }) } })
}

async function answer(azure: Azure, server: ExchangeServer, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url)
  const path = pathname.toLowerCase()
  if (path === '/owa/service') return outlook(server, request)
  if (path !== '/ews/exchange.asmx' && path !== '/ews/services.wsdl') return new Response(null, { status: 404 })
  const caller = callerOf(azure, server, request)
  if (caller instanceof Response) return caller
  if (!server.ewsEnabled) return new Response(null, { status: 403 })
  if (path === '/ews/services.wsdl') return wsdl(request, Object.keys(operations))
  if (request.method === 'GET')
    return new Response(null, { status: 302, headers: { Location: `${new URL(request.url).origin}/EWS/Services.wsdl` } })
  if (request.method !== 'POST') return new Response(null, { status: 405, headers: { Allow: 'GET, POST' } })
  return operation(server, request, await request.text(), azure.now())
}

/** Versions of the schema that a client may ask for: https://learn.microsoft.com/exchange/client-developer/web-service-reference/requestserverversion */
const versions = /^Exchange(2007(_SP1)?|2010(_SP[12])?|2013(_SP1)?|2015|2016)$/

/** What the sandbox serves of https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-operations-in-exchange */
const operations: Readonly<Record<string, (server: ExchangeServer, mailbox: string, operation: Element, now: Date) => Response>> =
  {
    GetFolder: getFolder,
    FindFolder: findFolder,
    ResolveNames: resolveNames,
    CreateItem: createItem,
    UpdateItem: updateItem,
    DeleteItem: deleteItem,
    FindItem: findItem,
    GetItem: getItem,
    SyncFolderItems: syncFolderItems,
  }

function operation(server: ExchangeServer, request: Request, text: string, now: Date): Response {
  const root = readXml(text)
  if (root === undefined) return schemaFault('The document is not well-formed.')
  const header = find(root, 'Header')
  const body = find(root, 'Body')?.children[0]
  if (root.name !== 'Envelope' || body === undefined) return schemaFault('The SOAP envelope has no body.')
  const version = find(header, 'RequestServerVersion')?.attributes.Version
  if (version !== undefined && !versions.test(version))
    return fault('ErrorInvalidServerVersion', 'The specified server version is invalid.')
  const mailbox = impersonated(server, header)
  if (mailbox instanceof Response) return mailbox
  const perform = operations[body.name]
  noteIgnored(request, ignoredElements(body))
  if (perform !== undefined) return perform(server, mailbox, body, now)
  return fault('ErrorInvalidRequest', `The request is invalid: this sandbox does not serve the operation ${body.name}.`)
}
