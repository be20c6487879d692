import type { HttpAnswer } from './message.ts'

/** A refusal on its way through an SDK. It has the one field by which the SDKs tell refusals apart. */
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
