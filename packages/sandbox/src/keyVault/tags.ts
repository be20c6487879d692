import { type JsonObject, textMapAt } from '../resourceManager/json.ts'
import { badParameter } from './errors.ts'
import type { Tags } from './state.ts'

/** The tags of a request; undefined if it names none, so that existing tags stay. */
export function readTags(body: JsonObject): Tags | undefined {
  const tags = textMapAt(body, 'tags')
  if (!tags) return undefined
  if (Object.keys(tags).length > 15) throw badParameter('An object has at most 15 tags.')
  for (const [name, value] of Object.entries(tags)) {
    if (name.length > 512 || value.length > 512) throw badParameter(`The tag '${name}' is longer than 512 characters.`)
  }
  return tags
}
