import type { HttpAnswer, HttpRequest } from '../http/message.ts'
import { isJson, jsonIn } from '../http/shape.ts'

type Send = (request: HttpRequest) => Promise<HttpAnswer>

/** MSAL looks up the endpoints of a custom cloud for every audience. They are fetched once, and the answer is shared. */
export function fetchedOnce(authorityHost: string, send: Send): Send {
  const answers = new Map<string, Promise<HttpAnswer>>()
  return (request) => {
    const { method, url } = request
    if (method !== 'GET' || !url.startsWith(authorityHost)) return send(request)
    const answer = answers.get(url) ?? send(request)
    answers.set(url, answer)
    const forget = (): void => void answers.delete(url)
    answer.then(({ status, body }) => (status === 200 && isJson(jsonIn(body)) ? undefined : forget()), forget)
    return answer
  }
}

/** MSAL reports an answer that it cannot read, or an outage of Entra, as a tenant that does not exist. */
export const isMisreadByMsal = ({ method }: HttpRequest, { status, body }: HttpAnswer): boolean =>
  !isJson(jsonIn(body)) || (method === 'GET' && (status === 429 || status >= 500))
