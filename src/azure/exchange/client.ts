import { randomUUID } from 'node:crypto'
import type { Secret } from '../../core/secret.ts'
import { asking } from '../errors/ask.ts'
import { classify } from '../errors/row.ts'
import { tables } from '../errors/tables.ts'
import { type HttpAnswer, type HttpRequest, requestIdOf } from '../http/message.ts'
import type { Transport } from '../http/transport.ts'
import { challengesIn, diagnosticsIn } from './challenge.ts'
import type { Exchange, Opening } from './port.ts'
import { responderOf } from './responder.ts'
import { openInboxAction, openInboxBody, type SoapResult, soapResultIn } from './soap.ts'
import { xmlReader } from './xml.ts'

/** A busy server asks for minutes; a check waits one minute at most, and only a few times. */
const retryLimits = { limit: 90_000 } as const

export function exchangeClient(transport: Transport): Exchange {
  const post = (url: string, headers: HttpRequest['headers']) => ({
    ...({ method: 'POST', url, replay: 'always', retryLimits, handshake: true } as const),
    headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml', ...headers },
  })
  return {
    async greet(ewsUrl, method = 'POST') {
      const asked = { service: 'exchange', doing: 'ask Exchange Web Services how to sign in' } as const
      const answer = await asking(asked, () => transport.send({ ...post(ewsUrl, { authorization: 'Bearer' }), method }))
      const challenges = challengesIn(answer.headers['www-authenticate'])
      return {
        status: answer.status,
        responder: responderOf(answer, challenges),
        challenges,
        location: locationOf(answer, ewsUrl),
        certificate: transport.presented(ewsUrl),
        server: answer.headers['x-feserver'],
      }
    },
    async shownBuild(ewsUrl) {
      const asked = { service: 'exchange', doing: 'ask Outlook on the web for its build' } as const
      const request = { method: 'GET', url: new URL('/owa/service', ewsUrl).href, headers: {}, retryLimits } as const
      const { headers } = await asking(asked, () => transport.send(request))
      return /^\d+(\.\d+){3}$/.exec(headers['x-owa-version']?.trim() ?? '')?.[0]
    },
    families: (ewsUrl) => transport.families(ewsUrl),
    async openInbox(ewsUrl, token, mailbox) {
      const read = await xmlReader()
      const said = (answer: HttpAnswer): SoapResult => soapResultIn(read(answer.body))
      const request = {
        ...post(ewsUrl, signedIn(token, mailbox)),
        body: openInboxBody(mailbox),
        passes: (answer: HttpAnswer) => passes(answer, said(answer)),
      }
      const answer = await asking({ service: 'exchange', doing: `open the inbox of ${mailbox}` }, () => transport.send(request))
      const clean = without(token, answer)
      return openingOf(clean, said(clean), ewsUrl)
    },
  }
}

/** The anchor mailbox routes the request to the server that holds the mailbox. */
const signedIn = (token: Secret, mailbox: string): Record<string, string> => ({
  authorization: `Bearer ${token.reveal()}`,
  'x-anchormailbox': mailbox,
  'client-request-id': randomUUID(),
  'return-client-request-id': 'true',
  soapaction: openInboxAction,
})

/** Judged by the response code, since every fault has status 500 and an operation's error 200. */
function passes({ status }: HttpAnswer, { code, backOff }: SoapResult): boolean | number {
  return known(status, code).passes === 'transient' && (backOff ?? true)
}

function known(status: number, code: string | undefined) {
  const problem = { service: 'exchange', status, code: code ?? '', codes: code === undefined ? [] : [code], message: '' } as const
  return classify(tables.exchange, { ...problem, headers: {}, needs: undefined })
}

/** A device in between may echo what it was sent. */
function without(token: Secret, { status, headers, body }: HttpAnswer): HttpAnswer {
  const clean = (text: string): string => text.replaceAll(token.reveal(), '…')
  return {
    status,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, clean(value)])),
    body: clean(body),
  }
}

const none = { meaning: undefined, next: undefined }

function openingOf(answer: HttpAnswer, said: SoapResult, ewsUrl: string): Opening {
  const { status, headers } = answer
  const server = headers['x-feserver']
  const challenges = challengesIn(headers['www-authenticate'])
  const responder = responderOf(answer, challenges, said)
  if (status === 200 && said.success) return { opened: true, responder, build: said.build, server }
  const { meaning, next: hint } = said.code === undefined ? none : known(status, said.code)
  return {
    opened: false,
    responder,
    status,
    advice: meaning === undefined || hint === undefined ? undefined : { meaning, hint },
    values: said.values,
    code: said.code,
    message: said.message,
    diagnostics: diagnosticsIn(headers['x-ms-diagnostics']),
    challenges,
    location: locationOf(answer, ewsUrl),
    policy: headers['x-ews-policy-reason'],
    requestId: requestIdOf(headers) ?? headers['client-request-id'],
    server,
  }
}

function locationOf({ headers: { location } }: HttpAnswer, ewsUrl: string): string | undefined {
  return location !== undefined && URL.canParse(location, ewsUrl) ? new URL(location, ewsUrl).href : location
}
