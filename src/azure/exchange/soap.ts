import { tidy } from '../errors/problem.ts'
import { type Element, escapeXml, find } from './xml.ts'

/**
 * GetFolder of an inbox, as the mailbox's owner, asking for the folder's id only
 * (https://learn.microsoft.com/exchange/client-developer/web-service-reference/getfolder-operation). Every server since 2013 SP1
 * knows the version.
 */
export const openInboxBody = (mailbox: string): string => `<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="${messages}" xmlns:t="${types}">
<soap:Header>
<t:RequestServerVersion Version="Exchange2013_SP1"/>
<t:ExchangeImpersonation><t:ConnectingSID><t:PrimarySmtpAddress>${escapeXml(mailbox)}</t:PrimarySmtpAddress></t:ConnectingSID></t:ExchangeImpersonation>
</soap:Header>
<soap:Body><m:GetFolder><m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds></m:GetFolder></soap:Body>
</soap:Envelope>`

const messages = 'http://schemas.microsoft.com/exchange/services/2006/messages'
const types = 'http://schemas.microsoft.com/exchange/services/2006/types'

export const openInboxAction = `"${messages}/GetFolder"`

/** The content of a SOAP answer; empty for anything else. */
export interface SoapResult {
  readonly success: boolean
  readonly code: string | undefined
  readonly message: string | undefined
  /** Milliseconds to wait, as the server requests. */
  readonly backOff: number | undefined
  /** Of `MessageXml`, by name. */
  readonly values: Readonly<Record<string, string>>
  readonly build: string | undefined
}

/** Reads the answer of an operation, or a fault. `document` holds the root. */
export function soapResultIn(document: Element | undefined): SoapResult {
  const envelope = find(document, 'Envelope')
  const body = find(envelope, 'Body')
  const answer = find(body, 'GetFolderResponse', 'ResponseMessages', 'GetFolderResponseMessage')
  const fault = find(body, 'Fault')
  const detail = find(fault, 'detail')
  const code = text(answer, 'ResponseCode') ?? text(detail, 'ResponseCode') ?? codeOf(text(fault, 'faultcode'))
  const values = valuesIn(find(answer, 'MessageXml') ?? find(detail, 'MessageXml'))
  return {
    success: answer?.attribute('ResponseClass') === 'Success' && code === 'NoError',
    code,
    message: tidy(text(answer, 'MessageText') ?? text(detail, 'Message') ?? text(fault, 'faultstring') ?? '') || undefined,
    backOff: backOffIn(values),
    values,
    build: buildIn(find(envelope, 'Header', 'ServerVersionInfo')),
  }
}

const text = (element: Element | undefined, name: string): string | undefined => find(element, name)?.text || undefined

/** A fault of Exchange names its code twice; one of SOAP itself (`soap:Client`) has none. */
const codeOf = (faultCode: string | undefined): string | undefined => {
  const name = faultCode?.split(':').at(-1)
  return name?.startsWith('Error') ? name : undefined
}

const valuesIn = (more: Element | undefined): SoapResult['values'] =>
  Object.fromEntries((more?.all('Value') ?? []).map((each) => [each.attribute('Name') ?? '', tidy(each.text)]))

/** https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange */
function backOffIn({ BackOffMilliseconds: value = '' }: SoapResult['values']): number | undefined {
  return /^\d+$/.test(value) ? Number(value) : undefined
}

/** https://learn.microsoft.com/exchange/client-developer/web-service-reference/serverversioninfo */
function buildIn(version: Element | undefined): string | undefined {
  const parts = ['MajorVersion', 'MinorVersion', 'MajorBuildNumber', 'MinorBuildNumber'].map((name) => version?.attribute(name))
  return parts.every((part) => part !== undefined && /^\d+$/.test(part)) ? parts.join('.') : undefined
}
