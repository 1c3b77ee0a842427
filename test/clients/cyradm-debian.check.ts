/** Debian's cyradm (Perl) and the Cyrus::IMAP::Admin below it create, share, limit and delete mailboxes. */
import { must } from '../support/command.js'
import { admin } from '../support/server-under-test.js'
import { administer } from './administration.js'
import { sharedServer } from './shared.js'

describe("Debian's cyradm", () => {
  it('creates, shares, limits, renames and deletes mailboxes', async () => {
    await administer({ program: '/usr/bin/cyradm', server: await sharedServer() }, 'debian')
  })

  it('works as a Perl module', async () => {
    const server = await sharedServer()
    await must('perl', ['-', String(server.imapPort), admin.user, admin.password], { input: script })
  })
})

const script = `
use strict; use warnings; use Cyrus::IMAP::Admin;
my ($port, $user, $password) = @ARGV;
my $admin = Cyrus::IMAP::Admin->new('127.0.0.1', $port) or die 'no connection';
$admin->authenticate(-user => $user, -password => $password, -mechanism => 'PLAIN') or die 'no authentication';
sub must { my $what = shift; die "$what: " . $admin->error if $admin->error }
$admin->create('user.perl'); must('create');
$admin->create('user.perl.Trash'); must('create below');
my @names = map { $_->[0] } $admin->list('user.perl*');
die "list: @names" unless "@{[sort @names]}" eq 'user.perl user.perl.Trash';
$admin->setacl('user.perl', mary => 'lrs', john => 'read'); must('setacl');
my %acl = $admin->listacl('user.perl'); must('listacl');
die 'listacl' unless $acl{mary} eq 'lrs' && $acl{john} eq 'lrs' && $acl{perl} =~ /^lrswipkxtecda/;
$admin->deleteacl('user.perl', 'john'); must('deleteacl');
$admin->setquota('user.perl', STORAGE => 100); must('setquota');
my %quota = $admin->listquota('user.perl'); must('listquota');
die 'listquota' unless $quota{STORAGE}[0] == 0 && $quota{STORAGE}[1] == 100;
my @root = $admin->quotaroot('user.perl.Trash'); must('quotaroot');
die "quotaroot: @root" unless $root[0] eq 'user.perl';
$admin->rename('user.perl.Trash', 'user.perl.Bin'); must('rename');
$admin->delete('user.perl.Bin'); die 'deleted without the right' unless $admin->error;
$admin->setacl('user.perl.Bin', $user => 'all'); must('setacl all');
$admin->delete('user.perl.Bin'); must('delete');
@names = $admin->list('user.perl*'); die 'list after delete' unless @names == 1;
`
