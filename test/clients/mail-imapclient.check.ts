/** Perl's Mail::IMAPClient, which many site tools are built on, works against the server. */
import { must } from '../support/command.js'
import { variety } from '../support/messages.js'
import { password } from '../support/server-under-test.js'
import { sharedServer } from './shared.js'

const user = 'lena'

describe("Perl's Mail::IMAPClient", () => {
  it('logs in, lists, searches, fetches, moves and deletes', async () => {
    const server = await sharedServer()
    await server.deliver(user, variety('perl'))
    await must('perl', ['-', String(server.imapPort), user, password], { input: script })
  })
})

const script = String.raw`
use strict; use warnings; use Mail::IMAPClient;
my ($port, $user, $password) = @ARGV;
my $imap = Mail::IMAPClient->new(Server => '127.0.0.1', Port => $port, User => $user, Password => $password, Uid => 1)
  or die "no connection: $@";
sub must { my ($what, $good) = @_; die "$what: " . ($imap->LastError // 'nothing said') unless $good }
must(folders => grep { $_ eq 'INBOX' } $imap->folders);
must(create => $imap->create('INBOX.kept'));
must(select => $imap->select('INBOX'));
must(count => $imap->message_count == 5);
my @uids = $imap->messages;
must(search => ($imap->search(HEADER => 'Message-ID' => 'perl-parts'))[0] == 2);
my $structure = $imap->get_bodystructure(2);
must(structure => $structure && $structure->bodytype eq 'MULTIPART' && scalar($structure->parts) >= 2);
my $envelope = $imap->get_envelope(2);
must(envelope => $envelope && $envelope->messageid eq '<perl-parts@example.test>');
must(size => $imap->size(2) == length($imap->message_string(2)));
must(part => $imap->bodypart_string(2, 1) =~ /^first part/);
must(see => $imap->see(1) && ($imap->unseen)[0] == 3);
must(move => $imap->copy('INBOX.kept', 1, 2));
must(delete => $imap->delete_message(1, 2) && $imap->expunge);
must(left => $imap->message_count == 3);
must(select2 => $imap->select('INBOX.kept') && $imap->message_count == 2);
must(append => $imap->append_string('INBOX.kept', "Subject: x\r\n\r\ny\r\n", '\Seen'));
must(close => $imap->close);
must(remove => $imap->delete('INBOX.kept'));
must(logout => $imap->logout);
`
