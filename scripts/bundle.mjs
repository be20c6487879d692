// The program as one bundle including packages, since reading a thousand files would take longer than everything else hma does.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { forV8 } from './forV8.mjs'

export const root = join(import.meta.dirname, '..')
const validator = join(root, 'src', 'config', 'validator.ts')
const scripts = join(root, 'src', 'resources', 'exchangeScript')
const about = join(root, 'src', 'version.ts')

/**
 * CommonJS: Node.js loads its modules in half the time that ES modules take, and executables can hold no others. Not minified: that saves
 * at most a twentieth of a plan's time, and an uncaught error would show a line of ten thousand characters. Comments are left out; the
 * licenses are in LICENSES.txt.
 */
const form = {
  format: 'cjs',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  minify: false,
  comments: false,
  sourcemap: false,
}

/**
 * Writes the program with rolldown's output options, or only lists what is in it.
 * Returns the bundled packages as package-lock.json names them: `node_modules/yaml`.
 */
export async function bundle(output) {
  const source = await validatorSource()
  const packages = new Set()
  const program = await rolldown({
    cwd: root,
    input: { cli: join(root, 'src', 'cli.ts'), rehearsalThread: join(root, 'src', 'session', 'rehearsalThread.ts') },
    platform: 'node',
    // ES modules if a package has them: unused code is dropped, and nothing is included twice.
    resolve: { mainFields: ['module', 'main'] },
    // Its package.json does not say that loading its files does nothing else, which it does not.
    treeshake: { moduleSideEffects: [{ test: /[\\/]node_modules[\\/]@azure[\\/]msal-node[\\/]/, sideEffects: false }] },
    // The SDKs check whether a body is a form. It never is, and just checking would load all of Node's fetch.
    transform: { define: { FormData: 'undefined' } },
    plugins: [
      { name: 'for V8', renderChunk: (code) => ({ code: forV8(code), map: null }) },
      later,
      // It needs reflect-metadata loaded first, in whichever output file it ends up.
      {
        name: 'reflect',
        transform: (code, id) => (tsyringe.test(id) ? { code: `import 'reflect-metadata';${code}`, map: null } : undefined),
      },
      { name: 'validator', load: (id) => (id === validator ? source : undefined) },
      { name: 'scripts', load: (id) => (id === join(scripts, 'text.ts') ? scriptTexts() : undefined) },
      { name: 'about', load: (id) => (id === about ? aboutHma() : undefined) },
      { name: 'packages', load: (id) => noted(id, packages) },
    ],
  })
  const options = { ...form, ...output }
  await (output ? program.write(options) : program.generate(options))
  await program.close()
  return [...packages].sort()
}

const tsyringe = /[\\/]node_modules[\\/]tsyringe[\\/].*[\\/]index\.js$/

/**
 * Packages that are evaluated when they are first called: MSAL signs with jsonwebtoken only where it signs in with a certificate, and
 * string-width takes 20 ms to prepare for rare characters.
 */
const late = {
  jsonwebtoken: `export default { sign: (...given) => require('jsonwebtoken').sign(...given) }`,
  'string-width': `export default (text) => require('string-width').default(text)`,
}
const later = {
  name: 'later',
  resolveId: (name, importer) => (name in late && !importer?.startsWith(lateMark) ? lateMark + name : undefined),
  load: (id) => (id.startsWith(lateMark) ? late[id.slice(lateMark.length)] : undefined),
}
const lateMark = join(root, 'node_modules', 'late:')

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
