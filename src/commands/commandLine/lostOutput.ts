import { HmaError } from '../../core/errors.ts'
import { fileProblem } from '../../files/problem.ts'
import { human } from '../../views/human.ts'
import { type Stream, terminal } from '../../views/terminal/terminal.ts'

/** Says that what was printed is lost, on the other stream. */
export function reportLostOutput(error: Error, stderr: Stream): void {
  const screen = terminal({ stdout: stderr, stderr, env: {}, color: false })
  human(screen, { quiet: false, verbose: false }).error(
    new HmaError('HMA118', `The output cannot be written: ${fileProblem(error)}`, {
      hint: 'Free some space, or write it elsewhere. What hma has done stays done.',
      cause: error,
    }),
  )
}
