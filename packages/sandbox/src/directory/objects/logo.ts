import type { RequestContext } from '../gate.ts'
import { requireOperation, requireWrite } from '../permissions.ts'
import { bad, notFound } from '../refusal.ts'
import { put } from '../replicas.ts'
import { forWrite, keyOf, required } from './find.ts'

const largest = 100 * 1024

/** `PUT /applications/{key}/logo`: GIF, JPEG or PNG of at most 100 KB. https://learn.microsoft.com/graph/api/application-update */
export async function putLogo(asked: RequestContext): Promise<Response> {
  requireOperation(asked, 'create')
  const application = forWrite(asked, 'applications', keyOf(asked.req.param('key') ?? ''))
  requireWrite(asked, application)
  const type = asked.req.header('content-type') ?? ''
  if (!/^image\/(gif|jpeg|png)$|^application\/octet-stream$/.test(type)) throw bad('The logo has to be a GIF, JPEG or PNG image.')
  const bytes = Buffer.from(await asked.req.arrayBuffer())
  if (bytes.length === 0 || bytes.length > largest) throw bad('The logo may have 100 KB at most.')
  put(asked.var.azure, asked.var.tenant, 'applications', { ...application, logo: { type, bytes: bytes.toString('base64') } })
  return asked.body(null, 204)
}

/** `GET /applications/{key}/logo` */
export function getLogo(asked: RequestContext): Response {
  requireOperation(asked, 'read')
  const { logo } = required(asked, 'applications', keyOf(asked.req.param('key') ?? ''))
  if (logo === undefined) throw notFound('logo')
  return asked.body(new Uint8Array(Buffer.from(logo.bytes, 'base64')), 200, { 'Content-Type': logo.type })
}
