# An application that answers as its request's path says: /silent never, /head without an end, /switch unasked, /token with a
# header that is none, /early with provisional answers without an end, /big with a head of 300 kB, /echo with its target, /hello as it should.
use strict; use IO::Socket::INET; $SIG{PIPE} = 'IGNORE'; $SIG{CHLD} = 'IGNORE';
my $server = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => shift, Listen => 512, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
  next if fork;
  $client->autoflush(1);
  my $line = <$client> // exit;
  while (my $header = <$client>) { last if $header =~ /^\r?\n/ }
  my ($path) = $line =~ m,/([a-z]+), or exit;
  if ($path eq 'silent') { sysread $client, my $byte, 1; exit }
  if ($path eq 'head') { print $client "HTTP/1.1 200 OK\r\n"; 1 while print $client "X-Header: value\r\n" x 100; exit }
  if ($path eq 'early') { 1 while print $client "HTTP/1.1 100 Continue\r\n\r\n" x 100; exit }
  if ($path eq 'switch') { print $client "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nraw"; exit }
  if ($path eq 'token') { print $client "HTTP/1.1 200 OK\r\nSet-Cookie\x0b: k=v; Path=/\r\nContent-Length: 2\r\n\r\nok"; exit }
  if ($path eq 'big') { print $client "HTTP/1.1 200 OK\r\nX: " . ("x" x 60000) . "\r\nY: " . ("y" x 60000) . "\r\nContent-Length: 2\r\n\r\nok"; exit }
  if ($path eq 'drip') { print $client "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"; sysread $client, my $byte, 1; exit }
  if ($path eq 'echo') { my ($target) = $line =~ /^\S+ (\S+)/; print $client "HTTP/1.1 200 OK\r\nContent-Length: " . length($target) . "\r\n\r\n$target"; exit }
  print $client "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"; exit;
}
