import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** The workflow's inputs, from the environment that action.yml sets. */
export function inputs(env) {
  const text = (name) => (env[`HMA_ACTION_${name}`] ?? '').trim()
  const lines = (name) =>
    text(name)
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
  const config = lines('CONFIG')
  const only = lines('ONLY')
  const shard = text('SHARD') ? [text('SHARD')] : []
  return {
    command: text('COMMAND'),
    digest: text('DIGEST'),
    rehearse: text('REHEARSE'),
    reviewed: text('REVIEWED') === 'true',
    comment: text('COMMENT') === 'true',
    commentAuthor: text('COMMENT_AUTHOR'),
    identityToken: text('IDENTITY_TOKEN') === 'true' && text('SANDBOX') !== 'true',
    variables: variables(text('VARIABLES')),
    program: text('PATH') || join(import.meta.dirname, '..', 'dist', 'cli.js'),
    options: [
      ...config.flatMap((one) => ['--file', one]),
      ...only.flatMap((one) => ['--only', one]),
      ...shard.flatMap((one) => ['--shard', one]),
      ...(text('SANDBOX') === 'true' ? ['--sandbox'] : []),
    ],
    /** The same for a plan of these deployments and its apply. */
    key: createHash('sha256')
      .update(JSON.stringify([config, only, shard]))
      .digest('hex')
      .slice(0, 12),
  }
}

/** Only hma's own: `vars` may hold names that other programs read as settings. */
function variables(json) {
  const all = JSON.parse(json || '{}') ?? {}
  return Object.fromEntries(Object.entries(all).filter(([name]) => /^HMA_\w+$/.test(name) && !name.startsWith('HMA_ACTION_')))
}
