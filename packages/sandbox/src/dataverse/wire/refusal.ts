import type { Table } from '../tables.ts'

/** An answer of Dataverse that is an error: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors */
export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const helpLink = 'https://go.microsoft.com/fwlink/?linkid=2195293'

/** The query or the path does not fit the model. */
export const badQuery = (message: string): Refusal => new Refusal(400, '0x80060888', message)

export const unknownProperty = (table: Table, name: string): Refusal =>
  badQuery(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.name}'.`)

export const noSegment = (segment: string): Refusal =>
  new Refusal(404, '0x8006088a', `Resource not found for the segment '${segment}'.`)

export const noRow = (table: string, id: string): Refusal =>
  new Refusal(404, '0x80040217', `Entity '${table}' With Id = ${id} Does Not Exist`)

/** The body cannot be read as a row of that table. */
export const badPayload = (set: string, reason: string): Refusal =>
  new Refusal(
    400,
    '0x80048d19',
    `Error identified in Payload provided by the user for Entity :'${set}', For more information on this error please follow this help link ${helpLink}  ---->  InnerException : ${reason}`,
  )

export const tooLong = (table: string, column: string, limit: number): Refusal =>
  new Refusal(
    400,
    '0x80044331',
    `A validation error occurred.  The length of the '${column}' attribute of the '${table}' entity exceeded the maximum allowed length of '${limit}'.`,
  )

export const outOfRange = (table: string, column: string, value: number): Refusal =>
  new Refusal(
    400,
    '0x8004432f',
    `A validation error occurred.  The value ${value} of '${column}' on record of type '${table}' is outside the valid range.`,
  )

export const noSuchOption = (table: string, column: string, value: number, accepted: readonly string[]): Refusal =>
  new Refusal(
    400,
    '0x8004431a',
    `A validation error occurred. The value ${value} of '${column}' on record of type '${table}' is outside the valid range. Accepted Values: ${accepted.join(',')}`,
  )

export const invalidArgument = (message: string): Refusal => new Refusal(400, '0x80040203', message)

export const duplicate = (): Refusal => new Refusal(412, '0x80040237', 'A record with matching key values already exists.')

export const versionMismatch = (): Refusal =>
  new Refusal(412, '0x80060882', "The version of the existing record doesn't match the RowVersion property provided.")

export const notSupported = (method: string, table: string): Refusal =>
  new Refusal(405, '0x80060888', `The '${method}' method does not support entities of type '${table}'.`)

/**
 * Body of an error. The long form answers `Prefer: odata.include-annotations="*"`. Its SubErrorCode and OperationStatus come from
 * plug-ins, and no plug-in runs here.
 */
export function refusalBody(refusal: Refusal, annotated: boolean): object {
  const { code, message } = refusal
  if (!annotated) return { error: { code, message } }
  const link = `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${code.replace(/^0x/, '')}&client=platform`
  return {
    error: {
      code,
      message,
      '@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': '0',
      '@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode': '-2146233088',
      '@Microsoft.PowerApps.CDS.HelpLink': link,
      '@Microsoft.PowerApps.CDS.TraceText': '',
      '@Microsoft.PowerApps.CDS.InnerError.Message': message,
    },
  }
}
