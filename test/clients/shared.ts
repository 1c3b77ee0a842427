/** One server and one Postfix that most checks share, started by the first check that asks. */
import { Postfix } from '../support/postfix.js'
import { makeFromEnvironment, ServerUnderTest } from '../support/server-under-test.js'

/** Users of the shared server: each check has its own, so that none sees another's mail. */
export const users = 'paul mary carl rita olaf ines hugo ruth john anna kurt lena nora'.split(' ')

// The one place with state of its own: the processes live as long as the run does.
const running: { server?: Promise<ServerUnderTest>; postfix?: Promise<Postfix> } = {}

export function sharedServer(): Promise<ServerUnderTest> {
  running.server ??= ServerUnderTest.start({ events: jobs() }, users)
  return running.server
}

export function sharedPostfix(): Promise<Postfix> {
  running.postfix ??= sharedServer().then((server) => Postfix.start(server.lmtpSocket))
  return running.postfix
}

export async function removeShared(): Promise<void> {
  await (await running.postfix?.catch(() => undefined))?.remove()
  await (await running.server?.catch(() => undefined))?.remove()
}

/** One job by its period, one at the minute after next, one by cron (which is ours alone). */
function jobs(): string[] {
  const at = new Date(Date.now() + 70_000)
  const time = [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, '0')).join('')
  const known = ['byperiod cmd="DIR/out/tick byperiod" period=1', `attime cmd="DIR/out/tick attime" at=${time}`]
  return makeFromEnvironment() === 'cyrus' ? known : [...known, 'bycron cmd="DIR/out/tick bycron" cron="* * * * *"']
}
