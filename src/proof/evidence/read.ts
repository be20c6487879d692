import { createHash } from 'node:crypto'
import { HmaError } from '../../core/errors.ts'
import { type Evidence, evidenceSchema } from './schema.ts'

/** What a script wrote on an Exchange server. `name` is the file's name in messages. */
export async function evidenceIn(bytes: Uint8Array, name: string): Promise<Evidence> {
  const text = decoded(bytes, name)
  const value = parsed(text, name)
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined
  if (typeof format !== 'string' || !format.startsWith('hma-exchange-evidence/'))
    throw unusable(
      `${name} was not written by the script of exchange.setup`,
      'Name the file hma-exchange-evidence.json that the script wrote.',
    )
  if (!evidenceSchema.properties.format.enum.some((one) => one === format))
    throw unusable(`${name} has the format ${format.slice(0, 60)}, which this version of hma cannot read`, 'Update hma.')
  if (!isUnchanged(text)) throw unusable(`${name} was changed after the script wrote it`, again)
  const { Ajv } = await import('ajv')
  const accepts = new Ajv({ strict: false }).compile<Evidence>(evidenceSchema)
  if (accepts(value)) return value
  const [mistake] = accepts.errors ?? []
  throw unusable(
    `${name} is not as expected at ${mistake?.instancePath || '/'}: it ${mistake?.message ?? 'has another form'}`,
    again,
  )
}

const again = 'Get the original file from the Exchange administrator again, or have the script run again.'

const unusable = (message: string, hint: string, cause?: unknown): HmaError => new HmaError('HMA127', message, { hint, cause })

/** Windows editors save UTF-16 now and then. */
function decoded(bytes: Uint8Array, name: string): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch (cause) {
    throw unusable(`${name} is not text`, again, cause)
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const isCut = text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}')
    throw unusable(isCut ? `${name} is cut off: its end is missing` : `${name} is not JSON`, again, cause)
  }
}

/**
 * The script's digest covers the text without white space, which mail and Git may change, with zeros in its own place. It reveals a file that
 * was cut off or edited; it is no protection against deliberate forgery.
 */
function isUnchanged(text: string): boolean {
  const digest = /"digest":\s*"sha256:([0-9a-f]{64})"/.exec(text)?.[1]
  if (digest === undefined) return false
  const bare = text.replaceAll(digest, '0'.repeat(64)).replace(/[ \t\r\n]/g, '')
  return createHash('sha256').update(bare).digest('hex') === digest
}
