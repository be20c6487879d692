import type { Command as Commander } from 'commander'
import { beside, paragraph } from '../../views/terminal/line.ts'

const groups = {
  'Get started': ['init', 'import', 'validate'],
  'Make changes': ['plan', 'rehearse', 'show', 'apply', 'adopt', 'rotate', 'destroy'],
  Inspect: ['verify', 'status', 'doctor', 'output', 'csr', 'graph'],
  'Learn and try': ['sandbox', 'help', 'completion', 'schema'],
} as const

const closing = 'Try it without Azure: `hma apply --sandbox`. All options: `hma --help`. First steps: `hma help begin`.'

/** What `hma` alone prints: its commands by purpose, on one screen. */
export function overview(root: Commander, columns: number): string {
  const line = (name: string): readonly string[] => {
    const command = root.commands.find((one) => one.name() === name)
    return beside(`  ${name}`, command?.summary() ?? '', { room: 12, columns })
  }
  const lines = [
    `Usage: ${root.name()} ${root.usage()}`,
    ...['', ...paragraph(root.description(), columns, 0)],
    ...Object.entries(groups).flatMap(([title, names]) => ['', `${title}:`, ...names.flatMap(line)]),
    ...['', ...paragraph(closing, columns, 0)],
  ]
  return lines.map((one) => `${one}\n`).join('')
}
