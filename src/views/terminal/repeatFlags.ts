/** Rewrites the commands in a text so that they apply to this run's sandbox, files and deployments. */
export type Repeat = (text: string) => string

export interface GivenFlags {
  readonly file: readonly string[]
  readonly only: readonly string[]
  readonly sandbox: boolean
  readonly envFile?: readonly string[]
}

/** Commands that read the configuration and Azure; the others need no flags. */
const command = /`hma (init|plan|apply|adopt|rotate|destroy|verify|status|output|csr|doctor|rehearse|validate|graph)\b([^`]*)`/g

/** `flags` are those that the user gave: `hma apply` in a hint becomes `hma apply --sandbox -f fleet`. */
export function repeating(flags: GivenFlags): Repeat {
  return (text) =>
    text.replace(command, (all, name: string, rest: string) => {
      if (rest.includes('--help')) return all
      // A configuration that is yet to be written needs no flag that selects one.
      if (name === 'init') return flags.sandbox && !rest.includes('--sandbox') ? `\`hma init${rest} --sandbox\`` : all
      const offline = name === 'validate' || name === 'graph'
      const added = [
        ...(flags.sandbox && !offline && !rest.includes('--sandbox') ? ['--sandbox'] : []),
        ...(/ (-f|--file)\b/.test(rest) ? [] : flags.file.map((file) => `-f ${quoted(file)}`)),
        ...(flags.envFile ?? []).map((file) => `--env-file ${quoted(file)}`),
        ...(/ --only\b/.test(rest) ? [] : flags.only.map((only) => `--only ${quoted(only)}`)),
      ]
      return `\`${['hma', `${name}${rest}`, ...added].join(' ')}\``
    })
}

/**
 * In double quotes it can be pasted into bash, which drops bare backslashes, PowerShell, which interprets commas and @, and cmd. Bash takes
 * an exclamation mark even there for a command of its history.
 */
function quoted(text: string): string {
  if (/^[\w./:%+=-]+$/.test(text)) return text
  return text.includes('!') ? `'${text}'` : `"${text}"`
}

/** Plain data with every text in it rewritten. */
export function withFlags<Data>(data: Data, repeat: Repeat): Data {
  const copy: Data = JSON.parse(JSON.stringify(data), (_key, value: unknown) =>
    typeof value === 'string' ? repeat(value) : value,
  )
  return copy
}
