# An application whose every answer speaks for the whole of its origin, as far as headers can; /page shows what a page can do.
use strict; use IO::Socket::INET; $SIG{PIPE} = 'IGNORE'; $SIG{CHLD} = 'IGNORE';
my $server = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => shift, Listen => 64, ReuseAddr => 1) or die $!;
open my $file, '<', '/hostile.html' or die $!; my $page = do { local $/; <$file> };
my $bomb = 'x' x 500;
my $all = join '', map { "$_\r\n" } (
  (map { "Set-Cookie: bomb$_=$bomb; Path=/" } 1 .. 3), 'Set-Cookie: whole=1; Path=/; Domain=127.0.0.1',
  'Set-Cookie: wide=1; Path=/; Domain=sandboxes.localhost', 'Set-Cookie: caisson-token =1; Path=/', 'Set-Cookie: up=1; Path=/v1/sandboxes/../..',
  'Clear-Site-Data: "*"', 'Strict-Transport-Security: max-age=31536000; includeSubDomains', 'Service-Worker-Allowed: /',
  "Content-Security-Policy: default-src * 'unsafe-inline' 'unsafe-eval'", 'Access-Control-Allow-Origin: *', 'Access-Control-Allow-Credentials: true',
  'Link: </v1/sandboxes>; rel=preload; as=fetch; crossorigin=use-credentials', 'Report-To: {"group":"g","max_age":99999,"endpoints":[{"url":"/r"}]}',
  'Reporting-Endpoints: default="/r"', 'NEL: {"report_to":"g","max_age":99999,"include_subdomains":true}', 'Alt-Svc: h2=":1"; ma=99999',
  'Use-As-Dictionary: match="/*"', 'Accept-CH: Sec-CH-UA-Model', 'Origin-Agent-Cluster: ?1', 'Set-Login: logged-in', 'Cross-Origin-Opener-Policy: unsafe-none');
while (my $client = $server->accept) {
  next if fork;
  my $line = <$client> // exit;
  while (my $header = <$client>) { last if $header =~ /^\r?\n/ }
  my ($path) = $line =~ m,/([a-z.]*),;
  my ($status, $type, $more, $body) = ('200 OK', 'text/html', '', $page);
  ($type, $body) = ('text/javascript', 'self.addEventListener("fetch", e => e.respondWith(new Response("taken over")))') if $path eq 'worker.js';
  ($status, $more) = ('302 Found', "Location: /\r\n") if $path eq 'away';
  $more = "Set-Cookie\x0b: bomb=$bomb; Path=/\r\nClear-Site-Data\x01: \"*\"\r\n" if $path eq 'control';
  ($type, $body) = ('image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"><script>document.documentElement.id = self.origin</script></svg>') if $path eq 'image.svg';
  print $client "HTTP/1.1 $status\r\nContent-Type: $type\r\nContent-Length: " . length($body) . "\r\n$more" . ($path eq 'control' ? '' : $all) . "\r\n$body";
  exit;
}
