/** What an administrator does with cyradm, told once for both shells: Debian's and ours. */
import { expect } from 'chai'
import { run } from '../support/command.js'
import { admin, type ServerUnderTest } from '../support/server-under-test.js'

export interface Shell {
  program: string
  server: ServerUnderTest
}

/** Feeds commands to a cyradm through a pipe; gives what it printed, standard error below. */
export async function cyradm({ program, server }: Shell, commands: readonly string[]): Promise<string> {
  const login = ['--user', admin.user, '--password', admin.password, '--port', String(server.imapPort), '127.0.0.1']
  const { stdout, stderr } = await run(program, login, { input: `${commands.join('\n')}\nquit\n` })
  return `${stdout}${stderr}`
}

/** Create, share, limit and delete. `name` is the user whose mailboxes are made, different for each shell. */
export async function administer(shell: Shell, name: string): Promise<void> {
  const { server } = shell
  const root = `user.${name}`
  const imap = await server.asAdmin()
  const untagged = async (command: string): Promise<string> => (await imap.ok(command)).untagged.join('\n')

  const created = await cyradm(shell, [
    `cm ${root}`,
    `cm ${root}.Sent`,
    `createmailbox ${root}.Drafts`,
    `cm ${root}`,
    'lm',
  ])
  expect(created).to.include(`${root} (\\HasChildren)`)
  expect(created).to.include(`${root}.Sent (\\HasNoChildren)`)
  expect(created).to.match(/createmailbox: .*already exists/i)
  expect(await untagged(`LIST "" ${root}*`)).to.match(new RegExp(`"\\." "?${root}\\.Drafts"?`))

  const shared = await cyradm(shell, [`sam ${root} mary read`, `sam ${root}.Sent mary lrswi`, `lam ${root}`])
  expect(shared).to.match(/(^|> )mary lrs$/m)
  expect(shared).to.match(new RegExp(`(^|> )${name} lrswipkxtecdan?$`, 'm'))
  expect(await untagged(`GETACL ${root}.Sent`)).to.include('mary lrswi')
  await cyradm(shell, [`deleteaclmailbox ${root} mary`])
  expect(await untagged(`GETACL ${root}`)).not.to.include('mary')

  const limited = await cyradm(shell, [`sq ${root} 5000`, `lq ${root}`, `lqr ${root}.Sent`])
  expect(limited).to.match(/STORAGE 0\/5000 \(0%\)/)
  expect(limited).to.match(new RegExp(`${root} STORAGE 0/5000`))
  expect(await untagged(`GETQUOTA ${root}`)).to.match(new RegExp(`\\* QUOTA ${root} \\(STORAGE 0 5000\\)`))
  await cyradm(shell, [`setquota ${root} none`])
  expect(await untagged(`GETQUOTA ${root}`)).not.to.include('5000')

  const refused = await cyradm(shell, [`dm ${root}.Drafts`])
  expect(refused).to.match(/deletemailbox: .*(denied|permission)/i)
  const deleted = await cyradm(shell, [`sam ${root}.Drafts ${admin.user} all`, `dm ${root}.Drafts`, `lm ${root}*`])
  expect(deleted).not.to.include('Drafts')
  await cyradm(shell, [`renm ${root}.Sent ${root}.Old`])
  expect(await untagged(`LIST "" ${root}.*`)).to.match(/\.Old/)
  await imap.logout()
}
