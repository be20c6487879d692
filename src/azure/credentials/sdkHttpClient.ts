import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'
import type { HttpAnswer, HttpRequest } from '../http/message.ts'

type Send = (request: HttpRequest, original: PipelineRequest) => Promise<HttpAnswer>

/** Replaces the HTTP client of Microsoft's SDKs. Whatever `send` throws passes through them unchanged. */
export async function sdkHttpClient(send: Send): Promise<HttpClient> {
  const { createHttpHeaders } = await import('@azure/core-rest-pipeline')
  return {
    async sendRequest(request): Promise<PipelineResponse> {
      const signal = signalOf(request)
      const body = textOf(request.body)
      const asked = {
        method: request.method,
        url: request.url,
        headers: request.headers.toJSON(),
        ...(body === undefined ? {} : { body }),
        ...(signal === undefined ? {} : { signal }),
      }
      const answer = await send(asked, request)
      return { request, status: answer.status, headers: createHttpHeaders(answer.headers), bodyAsText: answer.body }
    },
  }
}

function textOf(body: PipelineRequest['body']): string | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return body
  throw new TypeError('A body of the SDK is not text')
}

function signalOf(request: PipelineRequest): AbortSignal | undefined {
  const signals = request.timeout > 0 ? [AbortSignal.timeout(request.timeout)] : []
  const { abortSignal } = request
  if (abortSignal instanceof AbortSignal) signals.push(abortSignal)
  else if (abortSignal !== undefined) {
    const controller = new AbortController()
    if (abortSignal.aborted) controller.abort()
    abortSignal.addEventListener('abort', () => controller.abort())
    signals.push(controller.signal)
  }
  return signals.length > 1 ? AbortSignal.any(signals) : signals[0]
}
