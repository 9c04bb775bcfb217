/** Firefox by WebDriver BiDi, which it speaks itself: no driver between. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectBidi, type Bidi } from './bidi.ts'
import { asJsonFunction, HEIGHT, isOfTheLine, killGroup, saysOf, WIDTH, type Engine } from './engine.ts'

/** A person's first start asks questions and calls home; here nobody answers. */
const PREFERENCES: Record<string, string | number | boolean> = {
  'intl.accept_languages': 'zh-CN, zh',
  'app.update.enabled': false,
  'app.normandy.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.newtabpage.enabled': false,
  'browser.safebrowsing.update.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  // A killed browser offers its last pages again; the journeys open their own.
  'browser.sessionstore.resume_from_crash': false,
  'toolkit.startup.max_resumed_crashes': -1,
}

interface Entry {
  level: string
  text: string | null
}

export async function createFirefox(path: string): Promise<Engine> {
  const profile = mkdtempSync(join(tmpdir(), 'window-hall-firefox-'))
  const lines = Object.entries(PREFERENCES).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  )
  writeFileSync(join(profile, 'user.js'), lines.join('\n'))
  const troubles: string[] = []
  let child: ChildProcess | undefined
  let bidi: Bidi | undefined
  let context = ''

  const send = (method: string, params: object) => {
    if (bidi === undefined) throw new Error('the browser is not open')
    return bidi.send(method, params)
  }
  const hear = (method: string, params: Record<string, unknown>): void => {
    // Asked whether to leave what is half written, the person leaves.
    if (method === 'browsingContext.userPromptOpened')
      return void send('browsingContext.handleUserPrompt', { context: params['context'], accept: true })
    const { level, text } = params as unknown as Entry
    if (level === 'error' && !isOfTheLine(text ?? '')) troubles.push(text ?? '')
  }

  async function kill(): Promise<void> {
    if (child !== undefined) await killGroup(child)
    bidi?.close()
    bidi = child = undefined
  }

  return {
    name: 'Firefox',
    troubles,
    async open() {
      child = spawn(
        path,
        ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'],
        {
          detached: true,
          env: { ...process.env, TZ: 'Asia/Shanghai' },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      )
      const where = await saysOf(child, child.stderr!, /WebDriver BiDi listening on (ws:\S+)/)
      bidi = await connectBidi(`${where}/session`, hear)
      await send('session.new', { capabilities: {} })
      await send('session.subscribe', { events: ['log.entryAdded', 'browsingContext.userPromptOpened'] })
      const { contexts } = (await send('browsingContext.getTree', {})) as { contexts: { context: string }[] }
      context = contexts[0]!.context
      await send('browsingContext.setViewport', { context, viewport: { width: WIDTH, height: HEIGHT } })
    },
    async goto(url) {
      await send('browsingContext.navigate', { context, url, wait: 'complete' })
    },
    async call(work, ...args) {
      const answer = await send('script.callFunction', {
        functionDeclaration: asJsonFunction(work),
        arguments: [{ type: 'string', value: JSON.stringify(args) }],
        target: { context },
        awaitPromise: true,
      })
      if (answer.type === 'exception')
        throw new Error((answer.exceptionDetails as { text: string } | undefined)?.text)
      return JSON.parse((answer.result as { value: string }).value)
    },
    async perform(sources) {
      await send('input.performActions', { context, actions: sources })
    },
    async picture() {
      const { data } = await send('browsingContext.captureScreenshot', { context })
      return Buffer.from(data as string, 'base64')
    },
    async quit() {
      if (child === undefined) return
      const gone = once(child, 'exit')
      await send('browser.close', {})
      await gone
      bidi = child = undefined
    },
    kill,
    async remove() {
      await kill()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
