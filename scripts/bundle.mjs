// The program as one bundle, packages included: reading a thousand files takes longer than everything that hma does.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

export const root = join(import.meta.dirname, '..')
const validator = join(root, 'src', 'config', 'validator.ts')
const scripts = join(root, 'src', 'resources', 'exchangeScript')
const about = join(root, 'src', 'version.ts')

/**
 * Write the program with rolldown's options for the output, or only look what is in it.
 * Returns the bundled packages as package-lock.json names them: `node_modules/undici`.
 */
export async function bundle(output) {
  const source = await validatorSource()
  const packages = new Set()
  const program = await rolldown({
    cwd: root,
    input: { cli: join(root, 'src', 'cli.ts') },
    platform: 'node',
    plugins: [
      { name: 'validator', load: (id) => (id === validator ? source : undefined) },
      { name: 'scripts', load: (id) => (id === join(scripts, 'text.ts') ? scriptTexts() : undefined) },
      { name: 'about', load: (id) => (id === about ? aboutHma() : undefined) },
      { name: 'packages', load: (id) => noted(id, packages) },
    ],
  })
  const options = { format: 'esm', minify: false, sourcemap: false, ...output }
  await (output ? program.write(options) : program.generate(options))
  await program.close()
  return [...packages].sort()
}

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
  const texts = names.sort().map((name) => [name.slice(0, -'.ps1'.length), readFileSync(join(scripts, name), 'utf8')])
  return {
    code: `const texts = ${JSON.stringify(Object.fromEntries(texts))}\nexport const textOf = (part) => texts[part]`,
    moduleType: 'js',
  }
}

/** src/version.ts, with what it reads. */
function aboutHma() {
  const { version, homepage } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return { code: `export const version = ${JSON.stringify(version)}, homepage = ${JSON.stringify(homepage)}`, moduleType: 'js' }
}

/** Notes the package of every file that becomes part of the program. */
function noted(id, packages) {
  const [, path] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(id) ?? []
  if (path !== undefined && existsSync(join(path, 'package.json'))) packages.add(relative(root, path).split(sep).join('/'))
  return undefined
}
