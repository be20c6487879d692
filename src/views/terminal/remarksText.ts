import type { Remark } from '../../core/remark.ts'
import { localAddress } from '../plan/value.ts'
import { harmless, paragraph } from './line.ts'
import type { Style } from './style.ts'

/** Remarks for people: what was seen, and under it what to do about it. Warnings come first. */
export function remarksText(remarks: readonly Remark[], deployment: string, style: Style): readonly string[] {
  if (remarks.length === 0) return []
  return ['', '  Remarks', ...warningsFirst(remarks).flatMap((one) => remarkText(one, deployment, style))]
}

export const warningsFirst = (remarks: readonly Remark[]): readonly Remark[] => [
  ...remarks.filter(({ severity }) => severity === 'warning'),
  ...remarks.filter(({ severity }) => severity !== 'warning'),
]

function remarkText({ address, severity, text, hint }: Remark, deployment: string, style: Style): readonly string[] {
  const { paint, columns } = style
  const sign = severity === 'warning' ? paint.yellow('!') : paint.dim('i')
  const [first = '', ...more] = paragraph(`${harmless(localAddress(address, deployment))}: ${text}`, columns, 4)
  return [
    `  ${sign} ${first.trimStart()}`,
    ...more,
    ...(hint === undefined ? [] : paragraph(hint, columns, 4).map((line) => paint.cyan(line))),
  ]
}
