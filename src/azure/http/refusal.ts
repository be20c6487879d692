import type { HttpAnswer } from './message.ts'

/** A refusal that is thrown through an SDK, with the one field that the SDKs check. */
export class Refusal extends Error {
  readonly url: string
  readonly answer: HttpAnswer
  readonly statusCode: number

  constructor(url: string, answer: HttpAnswer) {
    super(`status ${answer.status}`)
    this.name = 'Refusal'
    this.url = url
    this.answer = answer
    this.statusCode = answer.status
  }
}
