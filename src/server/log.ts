/** Logs carry codes and places, never names, contents or secrets. */
export function logProblem(problem: unknown, where: string): void {
  const name = problem instanceof Error ? problem.name : typeof problem
  const stack = problem instanceof Error ? (problem.stack ?? '').split('\n').slice(1, 4).join(' |') : ''
  console.error(`${new Date().toISOString()} problem at ${where}: ${name}${stack}`)
}

/** A full disk, or a reader of the log that went away, would otherwise end the process with the next line. */
export function outliveLogReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
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
