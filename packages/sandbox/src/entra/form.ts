import { SignInRefusal } from './refusal.ts'

/** The form of a request, with what a Basic header adds to it. */
export type Form = ReadonlyMap<string, string>

export function required(form: Form, name: string): string {
  const value = form.get(name)
  if (value !== undefined && value !== '') return value
  throw new SignInRefusal(900144, 'invalid_request', `The request body must contain the following parameter: '${name}'.`)
}

/** A form with the client's id and secret of its Basic header, where it has one. */
export async function formOf(request: Request): Promise<Form> {
  const form = new URLSearchParams(await request.text())
  const basic = /^Basic +(\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (basic === undefined) return new Map(form)
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(/:(.*)/s)
  const plain = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
  try {
    return new Map([...form, ['client_id', plain(id)], ['client_secret', plain(secret)]])
  } catch {
    throw new SignInRefusal(
      900144,
      'invalid_request',
      'The Authorization header of the request is not of the form that Basic has.',
    )
  }
}
