import { type Context, Hono } from 'hono'
import type { Azure } from '../azure.ts'
import { countPart } from '../honoured.ts'
import { userOf } from './access.ts'
import { finishBulkDeletions } from './bulk.ts'
import { organizationAt } from './organization.ts'
import { serve } from './serve.ts'
import type { OrganizationState } from './state.ts'
import { finishTests, synchronize } from './testAndEnable.ts'
import { json, refused, withServiceHeaders } from './wire/answer.ts'
import { batch } from './wire/batch.ts'
import { preferences } from './wire/preferences.ts'
import { noSegment } from './wire/refusal.ts'

/** The Dataverse Web API of every organisation, selected by the requested host. */
export function dataverse(azure: Azure): Hono {
  const app = new Hono()
  app.all('/api/data/:version{v9\\.[0-2]}/*', (context) => answer(azure, context))
  app.all('/api/data/:version{v9\\.[0-2]}', (context) => answer(azure, context))
  app.notFound((context) =>
    withServiceHeaders(json(404, { Message: `No HTTP resource was found that matches the request URI '${context.req.url}'.` })),
  )
  return app
}

async function answer(azure: Azure, context: Context): Promise<Response> {
  const request = context.req.raw
  const organization = organizationAt(azure.world.dataverse, request.url)
  if (organization === undefined) return context.notFound()
  finishTests(azure, organization)
  finishBulkDeletions(azure, organization)
  synchronize(azure, organization)
  return withServiceHeaders(await answered(azure, organization, request))
}

async function answered(azure: Azure, organization: OrganizationState, request: Request): Promise<Response> {
  const [, version = '', path = ''] = /^\/api\/data\/(v9\.[0-2])\/?(.*)$/.exec(new URL(request.url).pathname) ?? []
  try {
    if (version === '') throw noSegment(new URL(request.url).pathname)
    if (path === '$batch' && request.method === 'POST') {
      userOf(azure, organization, request)
      return await batch(organization, request, async (inner) => {
        const part = await answered(azure, organization, inner)
        countPart(request, inner, part.status)
        return part
      })
    }
    // A preference that means nothing to a request, such as the size of pages to a deletion, asks for nothing.
    preferences(request)
    return await serve(azure, organization, version, decodeURIComponent(path), request)
  } catch (error) {
    return refused(error, request)
  }
}
