/** master with real processes: clients on demand, shares, crashes, hangs, reload, stop. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const foreign = fileURLToPath(new URL('fixture/foreign.js', import.meta.url))
const program = fileURLToPath(new URL('fixture/run.js', import.meta.url))

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** A client that speaks lines. */
class Client {
  readonly #socket: Socket
  readonly #lines: string[] = []
  #open = ''
  #ended = false
  #wake: () => void = () => undefined

  constructor(where: NetConnectOpts) {
    this.#socket = connect(where)
    this.#socket.setEncoding('latin1')
    this.#socket.on('data', (text: string) => {
      const parts = (this.#open + text).split('\n')
      this.#open = parts.pop() ?? ''
      this.#lines.push(...parts)
      this.#wake()
    })
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => {
      this.#ended = true
      this.#wake()
    })
  }

  /** The next line, or `gone`. */
  async line(): Promise<string> {
    while (this.#lines.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    return this.#lines.shift() ?? 'gone'
  }

  get silent(): boolean {
    return this.#lines.length === 0 && !this.#ended
  }

  say(line: string): void {
    this.#socket.write(`${line}\n`)
  }

  close(): void {
    this.#socket.destroy()
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 20) {
    if (waited > 8000) throw new Error('this did not happen')
    await pause(20)
  }
}

describe('master/master', function () {
  this.timeout(20_000)
  let directory = ''
  let master: ChildProcess | undefined
  let output = ''
  let status: number | null | undefined
  const clients: Client[] = []
  const ports: number[] = []

  const path = (name: string) => join(directory, name)
  const client = (where: NetConnectOpts): Client => {
    const one = new Client(where)
    clients.push(one)
    return one
  }
  const at = (index: number) => client({ host: '127.0.0.1', port: ports[index] ?? 0 })
  const pidOf = (greeting: string) => Number(greeting.split(' ')[0])

  function write(cyrus: string, imapd = ''): void {
    const least = `configdirectory: ${path('conf')}\npartition-default: ${path('spool')}\ncyrus_user: root\nworker_heartbeat: 3s\n`
    writeFileSync(path('imapd.conf'), least + imapd)
    writeFileSync(path('cyrus.conf'), cyrus)
  }

  function start(...flags: string[]): ChildProcess {
    const args = ['--enable-source-maps', program, '-C', path('imapd.conf'), '-M', path('cyrus.conf'), ...flags]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (bytes: Buffer) => {
        output += bytes.toString()
      })
    return child
  }

  const ended = (child: ChildProcess) =>
    new Promise<number | null>((resolve) => {
      if (child.exitCode !== null) resolve(child.exitCode)
      else child.once('exit', (code) => resolve(code))
    })

  async function run(): Promise<void> {
    const child = start()
    master = child
    void ended(child).then((code) => {
      status = code
    })
    await until(() => output.includes('ready for work') || status !== undefined)
    expect(status, output).to.equal(undefined)
  }

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'angarium-master-'))
    output = ''
    status = undefined
    for (let index = 0; index < 3; index++) ports[index] = await freePort()
  })

  afterEach(async () => {
    for (const one of clients.splice(0)) one.close()
    if (master && status === undefined) {
      const gone = ended(master)
      master.kill('SIGQUIT')
      await gone
    }
    master = undefined
    rmSync(directory, { recursive: true, force: true })
  })

  it('starts workers on demand, tells entries apart, survives crashes and hangs', async () => {
    write(`
START { }
SERVICES {
  echo  cmd="echod -U 30" listen="127.0.0.1:${ports[0]}" workers=1
  echos cmd="echod -U 30 -s" listen="127.0.0.1:${ports[1]}" workers=1
  local cmd="echod -x" listen="${path('socket')}"
}
`)
    await run()
    const one = at(0)
    const greeting = await one.line()
    expect(greeting).to.match(/^\d+ echo -U 30$/)
    const two = at(1)
    const other = await two.line()
    expect(other).to.match(/ echos -U 30 -s$/)
    expect(pidOf(other)).to.equal(pidOf(greeting))
    const local = client({ path: path('socket') })
    expect(await local.line()).to.match(/ local -x$/)

    two.say('crash')
    expect(await one.line()).to.equal('gone')
    const after = at(0)
    const third = await after.line()
    expect(pidOf(third)).not.to.equal(pidOf(greeting))

    after.say('hang')
    const patient = at(1)
    expect(await after.line()).to.equal('gone')
    expect(await patient.line()).to.match(/ echos /)
    await until(() => output.includes('gave no sign of life'))
    local.say('still here')
    expect(await local.line()).to.equal('still here')
  })

  it('keeps maxchild over all workers, and lets the others wait', async () => {
    write(`SERVICES {\n echo cmd=echod listen="127.0.0.1:${ports[0]}" maxchild=3 workers=2\n}\n`)
    await run()
    const first = [at(0), at(0), at(0), at(0), at(0)]
    await until(() => first.filter((one) => !one.silent).length === 3)
    await pause(300)
    expect(first.filter((one) => !one.silent).length).to.equal(3)
    for (const one of first.filter(({ silent }) => !silent)) one.close()
    await until(() => first.filter((one) => !one.silent).length === 5)

    // Clients of workers that drain count too.
    await pause(1200)
    master?.kill('SIGHUP')
    await until(() => output.includes('reading configuration again'))
    await pause(300)
    const more = [at(0), at(0), at(0)]
    await until(() => more.filter((one) => !one.silent).length === 1)
    await pause(300)
    expect(more.filter((one) => !one.silent).length).to.equal(1)
    for (const one of first) one.close()
    await until(() => more.every((one) => !one.silent))
  })

  it('reloads without dropping a client, and stops at once when nobody holds it up', async () => {
    const cyrus = `SERVICES {\n echo cmd=echod listen="127.0.0.1:${ports[0]}" prefork=1 workers=1\n}\n`
    write(cyrus)
    await run()
    const old = at(0)
    const greeting = await old.line()
    write(cyrus.replace('}', ` more cmd="echod -m" listen="127.0.0.1:${ports[1]}"\n}`))
    master?.kill('SIGHUP')
    await until(() => output.includes('reading configuration again'))
    const more = new Promise<string>((resolve) => {
      const attempt = () =>
        void at(1)
          .line()
          .then((line) => (line === 'gone' ? setTimeout(attempt, 50) : resolve(line)))
      attempt()
    })
    expect(await more).to.match(/ more -m$/)
    const fresh = at(0)
    expect(pidOf(await fresh.line())).not.to.equal(pidOf(greeting))
    old.say('hello')
    expect(await old.line()).to.equal('hello')

    write('SERVICES {\n echo cmd=echod\n}\n')
    master?.kill('SIGHUP')
    await until(() => output.includes('echo: has no listen=; going on as before'))
    old.say('again')
    expect(await old.line()).to.equal('again')

    expect(readFileSync(path('conf/master.pid'), 'utf8')).to.match(new RegExp(`^${master?.pid}\n`))
    master?.kill('SIGTERM')
    expect(await old.line()).to.equal('bye')
    await until(() => status !== undefined)
    expect(status).to.equal(0)
    expect(existsSync(path('conf/master.pid'))).to.equal(false)
    await until(() => output.includes('All children have exited'))
  })

  it('starts again at once after it was killed', async () => {
    write(
      `SERVICES {\n echo cmd=echod listen="127.0.0.1:${ports[0]}"\n local cmd=echod listen="${path('socket')}"\n}\n`,
    )
    await run()
    const [one, two] = [at(0), client({ path: path('socket') })]
    const greeting = await one.line()
    await two.line()
    const killed = master && ended(master)
    master?.kill('SIGKILL')
    await killed
    expect(await one.line()).to.equal('bye')
    output = ''
    status = undefined
    await run()
    expect(pidOf(await at(0).line())).not.to.equal(pidOf(greeting))
    expect(await client({ path: path('socket') }).line()).to.match(/ local$/)
  })

  it('switches a service off that dies five times before serving', async () => {
    write(`SERVICES {\n bad cmd=diesd listen="127.0.0.1:${ports[0]}"\n echo cmd=echod listen="${path('socket')}"\n}\n`)
    await run()
    expect(await at(0).line()).to.equal('gone')
    await until(() => output.includes('too many failures for service bad'))
    expect(await client({ path: path('socket') }).line()).to.match(/ echo$/)
  })

  it('runs START, EVENTS and DAEMON, and refuses a second master', async () => {
    write(`
START { }
START {
  one cmd="/bin/sh -c 'echo $CYRUS_SERVICE $CYRUS_ISDAEMON'"
}
EVENTS {
  now cmd="/bin/sh -c 'echo event; exit 3'" period=60
}
DAEMON {
  steady cmd="/bin/sh -c 'printf \\"ok\\\\r\\\\n\\" >&3; exec sleep 100'" wait=y
}
`)
    await run()
    await until(() => output.includes('ERROR: now: exited, status 3'))
    expect(output).to.match(/one: one 1\n[\s\S]*now: event/)
    const second = start()
    expect(await ended(second)).to.equal(75)
    expect(output).to.match(/another master already uses/)
  })

  it('serves by programs that are not ours, one process for each client', async () => {
    write(`SERVICES {
  lemming cmd="${process.execPath} ${foreign} serve" listen="127.0.0.1:${ports[0]}"
  ready   cmd="${process.execPath} ${foreign} serve" listen="${path('socket')}" prefork=1
  bad     cmd="/bin/false" listen="127.0.0.1:${ports[1]}"
}
`)
    await run()
    const [one, two, three] = [at(0), at(0), client({ path: path('socket') })]
    const greetings = [await one.line(), await two.line(), await three.line()]
    expect(new Set(greetings).size).to.equal(3)
    one.say('hello')
    expect(await one.line()).to.equal('hello')
    master?.kill('SIGHUP')
    await until(() => output.includes('reading configuration again'))
    const four = at(0)
    expect(await four.line()).to.match(/^\d+ lemming$/)
    two.say('busy')
    expect(await two.line()).to.equal('busy')
    expect(await at(1).line()).to.equal('gone')
    await until(() => output.includes('too many failures for service bad'))
    master?.kill('SIGTERM')
    await until(() => status !== undefined)
    expect(await one.line()).to.equal('gone')
  })

  it('leaves when START fails', async () => {
    write('START {\n bad cmd="/bin/false"\n}\n')
    expect(await ended(start())).to.equal(75)
    expect(output).to.match(/START bad: exited, status 1/)
    expect(existsSync(path('conf/master.pid'))).to.equal(false)
  })

  it('runs in the background with -d', async () => {
    write(`SERVICES {\n echo cmd=echod listen="${path('socket')}"\n}\n`)
    expect(await ended(start('-d', '-p', path('pid'), '-L', path('out')))).to.equal(0)
    const pid = Number(readFileSync(path('pid'), 'utf8').split('\n')[0])
    try {
      expect(await client({ path: path('socket') }).line()).to.match(/ echo$/)
    } finally {
      process.kill(pid, 'SIGTERM')
    }
    await until(() => !existsSync(path('pid')))
  })

  it('tells all mistakes of both files, and leaves with 78', async () => {
    write('SERVICES {\n a cmd=nothing listen=1\n b cmd=echod\n}\n', 'timeout: soon\nexpunge_mode: maybe\n')
    expect(await ended(start('-d'))).to.equal(78)
    expect(output).to.match(/imapd.conf:5: timeout[\s\S]*imapd.conf:6: expunge_mode/)
    expect(output).to.match(/cyrus.conf:3: b: has no listen=[\s\S]*cyrus.conf:2: a: there is no program nothing/)
  })

  it('never writes where a real Cyrus has been', async () => {
    write('START { }\n')
    rmSync(path('conf'), { recursive: true, force: true })
    const { mkdirSync } = await import('node:fs')
    mkdirSync(path('spool/p/user/paul'), { recursive: true })
    writeFileSync(path('spool/p/user/paul/cyrus.index'), '')
    expect(await ended(start())).to.equal(78)
    expect(output).to.match(/cyrus.index belongs to a Cyrus server.*over IMAP/)
    expect(existsSync(path('conf'))).to.equal(false)
  })
})
