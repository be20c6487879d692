import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { schema } from '../../config/schema.ts'

/** A configuration refers editors to `./schemas/hma.schema.json`: writes it there if missing. Returns whether it did. */
export async function writeSchema(folder: string): Promise<boolean> {
  const place = join(folder, 'schemas')
  const file = join(place, 'hma.schema.json')
  if (existsSync(file)) return false
  await mkdir(place, { recursive: true })
  await writeFile(file, `${JSON.stringify(schema, null, 2)}\n`)
  return true
}
