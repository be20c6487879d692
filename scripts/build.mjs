// Makes the program in dist: one file for what every command needs, and more that are loaded when a command needs them.
//   npm run build
//   node scripts/build.mjs FOLDER      somewhere else
// The packages are in it, for reading a thousand files takes longer than all that hma does; their licences stand beside it.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const root = join(import.meta.dirname, '..')
const folder = resolve(process.argv[2] ?? join(root, 'dist'))
const validator = join(root, 'src', 'config', 'validator.ts')
const scripts = join(root, 'src', 'resources', 'exchangeScript')

const source = await validatorSource()
const packages = new Set()
rmSync(folder, { recursive: true, force: true })
const bundle = await rolldown({
  input: { cli: join(root, 'src', 'cli.ts') },
  platform: 'node',
  plugins: [
    { name: 'validator', load: (id) => (id === validator ? source : undefined) },
    { name: 'scripts', load: (id) => (id === join(scripts, 'text.ts') ? scriptTexts() : undefined) },
    { name: 'packages', load: noted },
  ],
})
await bundle.write({
  dir: folder,
  format: 'esm',
  sourcemap: true,
  minify: false,
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
})
await bundle.close()
chmodSync(join(folder, 'cli.js'), 0o755)
writeFileSync(join(folder, 'LICENSES.txt'), licences())

/** `accepts` and `acceptsSignIn` of src/config/validator.ts, as the source that ajv makes of the schemas. */
async function validatorSource() {
  const cache = join(root, 'node_modules', '.cache')
  mkdirSync(cache, { recursive: true })
  const temporary = mkdtempSync(join(cache, 'hma-validator-'))
  try {
    const file = join(temporary, 'validator.mjs')
    const judge = await rolldown({ input: validator, platform: 'node', external: /^ajv/ })
    await judge.write({ file, format: 'esm' })
    await judge.close()
    const [{ judging, schema, signInSchema }, { default: standalone }] = await Promise.all([
      import(pathToFileURL(file).href),
      import('ajv/dist/standalone/index.js'),
    ])
    const ajv = judging({ source: true, esm: true })
    ajv.addSchema(schema, 'configuration')
    ajv.addSchema(signInSchema, 'signIn')
    return { code: standalone.default(ajv, { accepts: 'configuration', acceptsSignIn: 'signIn' }), moduleType: 'js' }
  } finally {
    rmSync(temporary, { recursive: true })
  }
}

/** `textOf` of src/resources/exchangeScript/text.ts, with the texts in it. */
function scriptTexts() {
  const names = readdirSync(scripts).filter((name) => name.endsWith('.ps1'))
  const texts = names.map((name) => [name.slice(0, -'.ps1'.length), readFileSync(join(scripts, name), 'utf8')])
  return {
    code: `const texts = ${JSON.stringify(Object.fromEntries(texts))}\nexport const textOf = (part) => texts[part]`,
    moduleType: 'js',
  }
}

/** Notes the package of every file that becomes part of the program. */
function noted(id) {
  const [, path] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id) ?? []
  if (path !== undefined && existsSync(join(path, 'package.json'))) packages.add(path)
  return undefined
}

/** Whose work is in it, and on what terms. */
function licences() {
  const texts = [...packages].map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
    const files = readdirSync(path).filter((one) => /^(licen[cs]e|notice|copying|thirdpartynotices)/i.test(one))
    const text = files.sort().map((one) => readFileSync(join(path, one), 'utf8').trim())
    return `${name} ${version} (${license})\n\n${text.join('\n\n')}\n`
  })
  return `${[...new Set(texts)].sort().join(`\n${'-'.repeat(80)}\n\n`)}`
}
