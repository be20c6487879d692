import { fields, items, readSpec, readSpecList, text } from './specs.ts'

/** One request of a recording of the real service, and its answer. */
export interface Recorded {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly body: object | undefined
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly answer: unknown
}

/** A certificate's life in a real vault: made, read, disabled. */
export function recordedLife(): readonly Recorded[] {
  const file = 'keyvault/recorded/recording_can_disable_a_certificate.transcribed.json'
  return items(readSpec(file).exchanges).map((one, index) => {
    const { request, response } = fields(one)
    const [asked, answered] = [fields(request), fields(response)]
    const path = text(asked.url).replace(/^https:\/\/[^/]+/, '')
    return {
      ...{ name: `${index + 1}. ${text(asked.method)} ${path.replace(/\?.*/, '')}`, method: text(asked.method), path },
      body: asked.body === null || asked.body === undefined ? undefined : fields(asked.body),
      ...{ status: Number(answered.status), headers: fields(answered.headers), answer: answered.body },
    }
  })
}

/** A request of the JavaScript SDKs for Key Vault, as it was captured on the wire, with the status that it met. */
export interface Captured {
  readonly name: string
  readonly method: string
  /** Path and query; the SDKs encode the names of the query's parameters. */
  readonly path: string
  readonly body: object | undefined
  readonly status: number
}

export const capturedCalls = (): readonly Captured[] =>
  readSpecList('keyvault/wire-capture.json').flatMap((one) =>
    items(fields(one).calls).map((call, index, all) => {
      const { req, body, status } = fields(call)
      const [method = '', path = ''] = text(req).split(' ')
      const name = `${text(fields(one).name)}${all.length > 1 ? ` (${index + 1})` : ''}: ${method} ${path.replace(/\?.*/, '')}`
      return { name, method, path, body: typeof body === 'string' ? fields(JSON.parse(body)) : undefined, status: Number(status) }
    }),
  )
