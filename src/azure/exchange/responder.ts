import type { HttpAnswer } from '../http/message.ts'
import type { Challenge, Responder } from './port.ts'
import type { SoapResult } from './soap.ts'

/** Headers that Exchange sets and devices in front of it do not. */
const marks = ['x-feserver', 'x-ms-diagnostics', 'x-calculatedbetarget', 'x-beserver', 'x-owa-version', 'x-diaginfo']

/** IIS may answer before Exchange does, on the same server. */
const ofMicrosoft = /^Microsoft-(IIS|HTTPAPI)/i

/** Who answered: only then can an answer be interpreted. `said` is the content of a SOAP body. */
export function responderOf({ headers }: HttpAnswer, challenges: readonly Challenge[], said?: SoapResult): Responder {
  const name = headers.server
  if (
    headers['x-ews-policy-reason'] !== undefined ||
    isOnline(said?.build) ||
    /\.(outlook|office365)\.com$/i.test(headers['x-calculatedbetarget'] ?? '')
  )
    return { kind: 'exchangeOnline', name }
  const marked = marks.some((mark) => headers[mark] !== undefined) || isGuid(headers['request-id'])
  const asks = challenges.some(
    ({ parameters }) => parameters.trusted_issuers !== undefined || parameters.authorization_uri !== undefined,
  )
  const speaks = said?.code !== undefined || said?.build !== undefined
  if (marked || asks || speaks || ofMicrosoft.test(name ?? '')) return { kind: 'exchange', name }
  return { kind: 'device', name }
}

/** Exchange Server has 15.0 to 15.2, Exchange Online 15.20. */
const isOnline = (build: string | undefined): boolean => build?.startsWith('15.20.') ?? false

const isGuid = (text: string | undefined): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text ?? '')
