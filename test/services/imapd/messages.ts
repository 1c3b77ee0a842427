/** The messages that transcripts speak of, by number. */

const multipart = [
  'From: Paul <paul@example.com>',
  'To: fred@example.com',
  'Subject: Two parts',
  'Date: Thu, 5 Feb 2026 09:00:00 +0000',
  'Message-ID: <two@example.com>',
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary="b"',
  '',
  'preamble',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'Gr=C3=BC=C3=9Fe',
  '--b',
  'Content-Type: application/octet-stream; name="a.bin"',
  'Content-Transfer-Encoding: base64',
  '',
  'AAECAwQ=',
  '--b--',
  '',
].join('\r\n')

const forwarded = [
  'From: Anne <anne@example.com>',
  'To: fred@example.com',
  'Subject: Fwd: hello',
  'Date: Fri, 6 Feb 2026 09:00:00 +0000',
  'Message-ID: <three@example.com>',
  'In-Reply-To: <one@example.com>',
  'MIME-Version: 1.0',
  'Content-Type: message/rfc822',
  '',
  'From: inner@example.com',
  'Subject: inner',
  '',
  'Inner text',
  '',
].join('\r\n')

/** Message 1 is plain, 2 has two parts, 3 forwards one; later ones are plain with their number in them. */
export function message(number: number): Buffer {
  if (number === 2) return Buffer.from(multipart, 'latin1')
  if (number === 3) return Buffer.from(forwarded, 'latin1')
  const name = number === 1 ? 'one' : `m${number}`
  const lines = [
    'From: Anne <anne@example.com>',
    'To: fred@example.com',
    'Cc: paul@example.com',
    `Subject: ${number === 1 ? 'hello' : `Message ${number}`}`,
    `Date: Wed, ${number} Feb 2026 10:00:00 +0000`,
    `Message-ID: <${name}@example.com>`,
    '',
    `Text of message ${number}`,
    '',
  ]
  return Buffer.from(lines.join('\r\n'), 'latin1')
}
