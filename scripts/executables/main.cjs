// The start of an executable: it loads the program's modules from the executable itself.
const { isBuiltin } = require('node:module')
const { basename } = require('node:path')
const { getAsset } = require('node:sea')
const { compileFunction } = require('node:vm')

const loaded = new Map()

function load(name) {
  const known = loaded.get(name)
  if (known) return known.exports
  const module = { exports: {} }
  loaded.set(name, module)
  const run = compileFunction(getAsset(name, 'utf8'), ['exports', 'require', 'module'], { filename: name })
  run(module.exports, (wanted) => (isBuiltin(wanted) ? require(wanted) : load(basename(wanted))), module)
  return module.exports
}

load('cli.js')
