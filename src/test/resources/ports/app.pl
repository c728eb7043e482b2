# What listens in the sandbox of PortsIT: an application on the first port, something that is not HTTP on the second,
# an echo of bytes on the third. Debian's perl-base has no modules for HTTP: this is enough of it.
use strict;
use warnings;
use IO::Socket::INET;

$SIG{CHLD} = 'IGNORE';
$SIG{PIPE} = 'IGNORE';
my ($http, $other, $echo) = @ARGV;

sub serve {
  my ($port, $handler) = @_;
  my $server = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => $port, Listen => 64, ReuseAddr => 1)
    or die "cannot listen on $port: $!";
  return if fork;
  while (1) {
    my $client = $server->accept or next;
    if (fork) { close $client; next; }
    $client->autoflush(1);
    binmode $client;
    $handler->($client);
    close $client;
    exit 0;
  }
}

sub answer {
  my ($client, $status, $headers, $body) = @_;
  print $client "HTTP/1.1 $status\r\nConnection: close\r\n$headers",
    "Content-Length: ", length($body), "\r\n\r\n$body";
}

sub body {
  my ($client, $head, $to) = @_;
  my $piece;
  if ($head =~ /^transfer-encoding: *chunked/mi) {
    while (defined(my $line = <$client>)) {
      my $left = hex($line =~ s/\s//gr);
      last unless $left;
      while ($left > 0) {
        my $count = read($client, $piece, $left > 65536 ? 65536 : $left) or return;
        print $to $piece;
        $left -= $count;
      }
      <$client>;
    }
    <$client>;
  } elsif ($head =~ /^content-length: *(\d+)/mi) {
    my $left = $1;
    while ($left > 0) {
      my $count = read($client, $piece, $left > 65536 ? 65536 : $left) or return;
      print $to $piece;
      $left -= $count;
    }
  }
}

sub websocket {
  my ($client, $head) = @_;
  my ($key) = $head =~ /^sec-websocket-key: *(\S+)/mi;
  open(my $given, '>', "/tmp/key.$$") or die;
  print $given $key . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  close $given;
  my ($hex) = `sha1sum /tmp/key.$$` =~ /^(\w+)/;
  open(my $raw, '>', "/tmp/key.$$") or die;
  binmode $raw;
  print $raw pack('H*', $hex);
  close $raw;
  chomp(my $accept = `base64 /tmp/key.$$`);
  my ($offered) = $head =~ /^sec-websocket-protocol: *(.*?)\r?$/mi;
  print $client "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
    "Sec-WebSocket-Accept: $accept\r\n",
    defined $offered ? "Sec-WebSocket-Protocol: $offered\r\n" : '', "\r\n";
  while (read($client, my $two, 2) == 2) {
    my ($first, $second) = unpack('CC', $two);
    my $length = $second & 127;
    if ($length == 126) { read($client, my $more, 2); $length = unpack('n', $more); }
    elsif ($length == 127) { read($client, my $more, 8); $length = unpack('Q>', $more); }
    read($client, my $mask, 4);
    my $text = '';
    read($client, $text, $length) if $length;
    $text ^= substr($mask x (1 + $length / 4), 0, $length);
    print $client pack('C', $first),
      $length < 126 ? pack('C', $length)
      : $length < 65536 ? pack('Cn', 126, $length) : pack('CQ>', 127, $length), $text;
    return if ($first & 15) == 8;
  }
}

serve($http, sub {
  my ($client) = @_;
  my $head = '';
  while (defined(my $line = <$client>)) {
    last if $line =~ /^\r?\n$/;
    $head .= $line;
  }
  my ($method, $target) = $head =~ /^(\S+) (\S+)/ or return;
  if ($target eq '/socket') {
    websocket($client, $head);
  } elsif ($target eq '/sink') {
    open(my $sum, '|-', "sha256sum > /tmp/sum.$$") or die;
    binmode $sum;
    body($client, $head, $sum);
    close $sum;
    open(my $made, '<', "/tmp/sum.$$") or die;
    answer($client, '200 OK', '', substr(<$made>, 0, 64));
  } elsif ($target =~ m{^/source\?(\d+)$}) {
    my $piece = join('', map { chr } 0 .. 255) x 256;
    print $client "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: $1\r\n\r\n";
    for (my $left = $1; $left > 0; $left -= length $piece) {
      print $client $left < length $piece ? substr($piece, 0, $left) : $piece or return;
    }
  } elsif ($target eq '/events') {
    print $client "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: one\n\n";
    # The next one comes when somebody asks for it.
    system('mkfifo', '/tmp/events') unless -p '/tmp/events';
    print $client "data: waiting\n\n";
    open(my $gate, '<', '/tmp/events') or die;
    my $word = <$gate>;
    print $client "data: $word\n\n";
  } elsif ($target eq '/release') {
    open(my $gate, '>', '/tmp/events') or die;
    print $gate 'two';
    close $gate;
    answer($client, '204 No Content', '', '');
  } elsif ($target eq '/redirect') {
    answer($client, '302 Found',
      "Location: /headers\r\nSet-Cookie: app=1; Path=/; Domain=example.com; HttpOnly\r\n"
      . "Set-Cookie: caisson-token=stolen; Path=/\r\nService-Worker-Allowed: /\r\nX-App: yes\r\n", '');
  } else {
    answer($client, '200 OK', "Content-Type: text/html\r\n", $method eq 'HEAD' ? '' : $head);
  }
});

serve($other, sub {
  my ($client) = @_;
  print $client "SSH-2.0-nobody\r\n";
});

serve($echo, sub {
  my ($client) = @_;
  my $all = 0;
  while (my $count = sysread($client, my $piece, 65536)) {
    $all += $count;
    for (my $at = 0; $at < $count;) {
      my $written = syswrite($client, $piece, $count - $at, $at) or return;
      $at += $written;
    }
  }
  # Its own side goes on after the other's end.
  syswrite($client, "|$all");
});

print "listening\n";
sleep 1 while 1;
