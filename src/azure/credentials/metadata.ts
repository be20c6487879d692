import type { HttpAnswer, HttpRequest } from '../http/message.ts'

type Send = (request: HttpRequest) => Promise<HttpAnswer>

/** MSAL looks up the endpoints of a custom cloud for every audience. They are fetched once, and the answer is shared. */
export function askedOnce(authorityHost: string, send: Send): Send {
  const answers = new Map<string, Promise<HttpAnswer>>()
  return (request) => {
    const { method, url } = request
    if (method !== 'GET' || !url.startsWith(authorityHost)) return send(request)
    const answer = answers.get(url) ?? send(request)
    answers.set(url, answer)
    const forget = (): void => void answers.delete(url)
    answer.then(({ status }) => (status === 200 ? undefined : forget()), forget)
    return answer
  }
}
