import type { Sandbox } from 'hma-sandbox'
import type { Carry } from '../azure/http/message.ts'

/** Passes requests to a sandbox in this process: no connection and no TLS, otherwise the same as over the wire. */
export const handedTo =
  (sandbox: Pick<Sandbox, 'answer'>): Carry =>
  async ({ url, method, headers, body }) => {
    const answer = await sandbox.answer(new Request(url, { method, headers, body: body ?? null }))
    return { status: answer.status, headers: Object.fromEntries(answer.headers), body: await answer.text() }
  }
