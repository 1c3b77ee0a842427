/** Messages that checks send: CR LF line ends, a Message-ID that can be found again. */

export interface Sketch {
  id: string
  from?: string
  to?: string
  subject?: string
  body?: string
}

export function message({
  id,
  from = 'mary@example.test',
  to = 'paul@example.test',
  subject = 'A check',
  body = 'Grüße: a line\r\n.a line that starts with a dot\r\n\r\nthe end\r\n',
}: Sketch): string {
  const header = [
    `From: Mary Example <${from}>`,
    `To: <${to}>`,
    `Subject: ${subject}`,
    'Date: Sat, 21 Nov 2026 08:00:00 +0000',
    `Message-ID: <${id}@example.test>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ]
  return `${header.join('\r\n')}\r\n\r\n${Buffer.from(body, 'utf8').toString('latin1')}`
}

/** A few messages of different shapes, each with its own Message-ID that starts with this prefix. */
export function variety(prefix: string): string[] {
  const attachment = Buffer.alloc(20_000, 'attachment ').toString('base64').replace(/.{76}/g, '$&\r\n')
  const multipart = [
    `Message-ID: <${prefix}-parts@example.test>`,
    'From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.test>',
    'To: all@example.test',
    'Subject: =?utf-8?b?R3LDvMOfZQ==?=',
    'Date: Sat, 21 Nov 2026 09:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="edge"',
    '',
    'before',
    '--edge',
    'Content-Type: text/plain',
    '',
    'first part',
    '--edge',
    'Content-Type: application/octet-stream; name="a.bin"',
    'Content-Disposition: attachment; filename="a.bin"',
    'Content-Transfer-Encoding: base64',
    '',
    attachment,
    '--edge--',
    '',
  ].join('\r\n')
  return [
    message({ id: `${prefix}-plain` }),
    multipart,
    message({ id: `${prefix}-long`, body: `${'long '.repeat(180)}\r\n${'x'.repeat(990)}\r\n` }),
    message({ id: `${prefix}-empty`, body: '' }),
    message({ id: `${prefix}-dots`, body: '.\r\n..\r\n.from\r\nFrom the start\r\n>From\r\n\r\n\r\n' }),
  ]
}
