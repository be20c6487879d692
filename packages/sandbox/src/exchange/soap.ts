import type { ExchangeServer } from './state.ts'
import { escapeXml } from './xml.ts'

const soapSpace = 'http://schemas.xmlsoap.org/soap/envelope/'
export const typesSpace = 'http://schemas.microsoft.com/exchange/services/2006/types'
export const messagesSpace = 'http://schemas.microsoft.com/exchange/services/2006/messages'
const errorsSpace = 'http://schemas.microsoft.com/exchange/services/2006/errors'

const xml = (status: number, body: string): Response =>
  new Response(`<?xml version="1.0" encoding="utf-8"?>${body}`, {
    status,
    headers: { 'Content-Type': 'text/xml; charset=utf-8' },
  })

/** The answer to an operation, with the build of the server in its header. */
export const envelope = (server: ExchangeServer, body: string): Response =>
  xml(
    200,
    `<s:Envelope xmlns:s="${soapSpace}"><s:Header>${versionInfo(server)}</s:Header><s:Body xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">${body}</s:Body></s:Envelope>`,
  )

/** https://learn.microsoft.com/exchange/client-developer/web-service-reference/serverversioninfo */
function versionInfo(server: ExchangeServer): string {
  const [major = '15', minor = '2', build = '0', revision = '0'] = server.build.split('.')
  const version = minor === '2' ? 'V2018_01_08' : minor === '1' ? 'V2017_07_11' : 'V2_23'
  return `<h:ServerVersionInfo MajorVersion="${major}" MinorVersion="${minor}" MajorBuildNumber="${build}" MinorBuildNumber="${revision}" Version="${version}" xmlns:h="${typesSpace}" xmlns="${typesSpace}"/>`
}

/** An error of the request as a whole: a SOAP fault, with HTTP status 500. `more` is markup for its MessageXml. */
export function fault(code: string, message: string, more = ''): Response {
  const text = escapeXml(message)
  const details = more === '' ? '' : `<t:MessageXml xmlns:t="${typesSpace}">${more}</t:MessageXml>`
  return xml(
    500,
    `<s:Envelope xmlns:s="${soapSpace}"><s:Body><s:Fault><faultcode xmlns:a="${typesSpace}">a:${code}</faultcode><faultstring xml:lang="en-US">${text}</faultstring><detail><e:ResponseCode xmlns:e="${errorsSpace}">${code}</e:ResponseCode><e:Message xmlns:e="${errorsSpace}">${text}</e:Message>${details}</detail></s:Fault></s:Body></s:Envelope>`,
  )
}

export const schemaFault = (violation: string): Response =>
  fault(
    'ErrorSchemaValidation',
    `The request failed schema validation: ${violation}`,
    `<t:LineNumber>1</t:LineNumber><t:LinePosition>1</t:LinePosition><t:Violation>${escapeXml(violation)}</t:Violation>`,
  )

/** One response message that holds an error. */
export const failedMessage = (element: string, code: string, text: string, more = ''): string =>
  `<m:${element} ResponseClass="Error"><m:MessageText>${escapeXml(text)}</m:MessageText><m:ResponseCode>${code}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>${more}</m:${element}>`
