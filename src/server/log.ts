/** Logs carry codes and places, never names, contents or secrets. */
export function logProblem(problem: unknown, where: string): void {
  const name = problem instanceof Error ? problem.name : typeof problem
  const stack = problem instanceof Error ? (problem.stack ?? '').split('\n').slice(1, 4).join(' |') : ''
  process.stderr.write(`${new Date().toISOString()} problem at ${where}: ${name}${stack}\n`)
}

/** One clear sentence and exit code 1 for what the person who started the program can mend; the stack for what only we can. */
export function dieWith(problem: unknown): never {
  const known =
    problem instanceof Error && (problem.name === 'ConfigTrouble' || problem.name === 'StoreTrouble')
  process.stderr.write(
    known ? `${problem.message}\n` : `${problem instanceof Error ? problem.stack : String(problem)}\n`,
  )
  process.exit(1)
}
