// Changes of the bundle that mean the same and make V8 faster.
import { parseAst } from 'rolldown/parseAst'

export const forV8 = (code) => ascii(sharingShapes(code))

/**
 * V8 keeps a whole file as two bytes for each character if one of them is not ASCII, and reads it more slowly. Comments are left out, so all of
 * these are in literals.
 */
function ascii(code) {
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('The bundle holds a raw string that cannot be written in ASCII.')
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/**
 * Writes `{ ...one, key }` as `{ ...null, ...one, key }`. V8 in Node.js 20 copies the shape of `one` first, and then needs a new shape for every
 * such object: that takes a microsecond instead of a seventh of one, and each later use of the object is slower, too.
 */
function sharingShapes(code) {
  const starts = spreadsThatStart(parseAst(code)).sort((one, other) => one - other)
  const cuts = [0, ...starts, code.length]
  const pieces = cuts.slice(1).map((end, index) => code.slice(cuts[index], end))
  return pieces.join('...null, ')
}

/** Where the spreads are that begin an object with more in it. */
function spreadsThatStart(node) {
  if (Array.isArray(node)) return node.flatMap(spreadsThatStart)
  if (node === null || typeof node !== 'object') return []
  const [first, ...more] = node.type === 'ObjectExpression' ? node.properties : []
  const here = first?.type === 'SpreadElement' && more.length > 0 ? [first.start] : []
  return [...here, ...Object.values(node).flatMap(spreadsThatStart)]
}
