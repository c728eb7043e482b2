# A registry from Debian's package, for hosts that cannot pull registry:3; plain HTTP, deletes allowed, nothing kept after its end.
ARG BASE=debian:trixie-slim
FROM ${BASE}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends docker-registry nginx-light \
 && rm -rf /var/lib/apt/lists/*
RUN printf '%s\n' 'version: 0.1' 'log: {level: warn}' 'storage: {filesystem: {rootdirectory: /var/lib/registry}, delete: {enabled: true}}' \
      'http: {addr: ":5000"}' >/etc/caisson-registry.yml
# As a cache, registry 2.8 fetches each blob twice at once: for its client and for itself (3.0 does it once). An nginx
# between it and its upstream lets the second wait for the first, and has it then.
RUN printf '%s\n' 'worker_processes 1; error_log /dev/stderr warn; pid /run/nginx.pid; events {}' 'http { access_log off;' \
      'proxy_cache_path /var/cache/caisson levels=1:2 keys_zone=blobs:1m inactive=5m use_temp_path=off;' \
      'proxy_http_version 1.1; proxy_read_timeout 10m; proxy_ssl_server_name on;' \
      'server { listen 127.0.0.1:5080;' \
      'location / { proxy_pass UPSTREAM; }' \
      'location ~ /blobs/ { proxy_pass UPSTREAM; proxy_cache blobs; proxy_cache_key $uri; proxy_cache_valid 200 5m;' \
      'proxy_ignore_headers Cache-Control Expires Set-Cookie Vary;' \
      'proxy_cache_lock on; proxy_cache_lock_timeout 30m; proxy_cache_lock_age 30m; } } }' >/etc/caisson-once.conf \
 && printf '%s\n' '#!/bin/sh' 'set -e' \
      'if [ -n "$REGISTRY_PROXY_REMOTEURL" ]; then' \
      '  sed "s,UPSTREAM,$REGISTRY_PROXY_REMOTEURL," /etc/caisson-once.conf >/run/once.conf' \
      '  nginx -c /run/once.conf' \
      '  export REGISTRY_PROXY_REMOTEURL=http://127.0.0.1:5080' \
      'fi' 'exec docker-registry serve /etc/caisson-registry.yml' >/usr/local/bin/caisson-registry \
 && chmod 755 /usr/local/bin/caisson-registry
VOLUME /var/lib/registry
EXPOSE 5000
CMD ["caisson-registry"]
