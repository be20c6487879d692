import { harmless, pad, width } from './terminal/line.ts'
import type { Style } from './terminal/style.ts'
import type { Outputs } from './view.ts'

/** Outputs for people. A single value of one deployment is printed alone, for use in scripts. */
export function outputsText(
  outputs: Readonly<Record<string, Outputs>>,
  name: string | undefined,
  style: Style,
): readonly string[] {
  const deployments = Object.entries(outputs)
  if (name === undefined) return deployments.flatMap(([title, values], index) => table(title, values, style, index > 0))
  const [only] = deployments
  if (deployments.length === 1 && only) return [text(only[1][name])]
  const room = Math.max(0, ...deployments.map(([title]) => width(harmless(title))))
  return deployments.map(([title, values]) => `${pad(harmless(title), room)}  ${text(values[name])}`.trimEnd())
}

function table(title: string, values: Outputs, { paint }: Style, gap: boolean): readonly string[] {
  const room = Math.max(0, ...Object.keys(values).map(width))
  const rows = Object.entries(values).map(
    ([name, value]) => `  ${pad(harmless(name), room)}  ${value === null ? paint.dim('(none)') : text(value)}`,
  )
  return [...(gap ? [''] : []), paint.bold(harmless(title)), ...rows]
}

const text = (value: string | null | undefined): string => harmless(value ?? '')
