// Builds the program in dist: one file with what every command needs, and others loaded on demand.
//   npm run build
//   node scripts/build.mjs FOLDER      somewhere else
// The bundle contains the packages; their licenses are next to it.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundle, root } from './bundle.mjs'

const folder = resolve(process.argv[2] ?? join(root, 'dist'))

rmSync(folder, { recursive: true, force: true })
const packages = await bundle({ dir: folder })
writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
chmodSync(join(folder, 'cli.js'), 0o755)
writeFileSync(join(folder, 'LICENSES.txt'), licences())

/** The bundled packages and their licenses. */
function licences() {
  const texts = packages.map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))
    const files = readdirSync(join(root, path)).filter((one) => /^(licen[cs]e|notice|copying|thirdpartynotices)/i.test(one))
    const text = files.sort().map((one) => readFileSync(join(root, path, one), 'utf8').trim())
    return `${name} ${version} (${license})\n\n${text.join('\n\n')}\n`
  })
  return `${[...new Set(texts)].sort().join(`\n${'-'.repeat(80)}\n\n`)}`
}
