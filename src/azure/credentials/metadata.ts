import type { HttpAnswer, HttpRequest } from '../http/message.ts'

type Send = (request: HttpRequest) => Promise<HttpAnswer>

/** MSAL looks the endpoints of a custom cloud up for every audience. What they are is asked once, and one answer does for all. */
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
