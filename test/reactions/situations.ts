import { expect } from 'vitest'
import type { Answer } from '../../packages/sandbox/test/support/sandbox.ts'
import { refused } from '../../src/azure/errors/azureError.ts'
import type { Service } from '../../src/azure/errors/problem.ts'

/** How a service's error must look on the wire, and how hma must interpret it. */
export interface Refusal {
  readonly status: number
  readonly code: string
  /** Key Vault's second code, or that of Graph's first detail. */
  readonly inner?: string
  readonly says: RegExp
  /** Does hma try again until its time is up, for a while, or not at all? */
  readonly again: boolean | 'briefly'
  readonly hint?: RegExp
}

interface Body {
  readonly code?: unknown
  readonly message?: unknown
  readonly inner?: unknown
}

const fields = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? { ...value } : {})

function bodyOf(service: Service, { json }: Answer): Body {
  if (service === 'login') {
    const { error_description: message, error_codes: codes } = json
    return { code: `AADSTS${Array.isArray(codes) ? String(codes[0]) : ''}`, message }
  }
  const { code, message, innererror, details } = fields(json.error)
  const first: unknown = Array.isArray(details) ? details[0] : undefined
  return { code, message, inner: fields(innererror).code ?? fields(first).code }
}

/** Checks an answer that refuses: its status, codes and text, and what hma would do about it. */
export function expectRefusal(service: Service, answer: Answer, wanted: Refusal): void {
  const { code, message, inner } = bodyOf(service, answer)
  expect({ status: answer.status, code, inner }, answer.text).toEqual({
    status: wanted.status,
    code: wanted.code,
    inner: wanted.inner,
  })
  expect(message).toMatch(wanted.says)
  const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
  const failure = refused({ service, doing: 'do it' }, 'https://host.example/', {
    status: answer.status,
    headers,
    body: answer.text,
  })
  expect({ status: failure.status, again: failure.retryable }).toEqual({ status: wanted.status, again: wanted.again })
  expect(failure.codes).toContain(wanted.code)
  if (wanted.hint !== undefined) expect(failure.hint).toMatch(wanted.hint)
}
