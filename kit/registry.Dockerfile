# A registry from Debian's package, for hosts that cannot pull registry:2; plain HTTP, deletes allowed, nothing kept after its end.
ARG BASE=debian:trixie-slim
FROM ${BASE}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends docker-registry \
 && rm -rf /var/lib/apt/lists/*
RUN printf '%s\n' 'version: 0.1' 'log: {level: warn}' 'storage: {filesystem: {rootdirectory: /var/lib/registry}, delete: {enabled: true}}' \
      'http: {addr: ":5000"}' >/etc/caisson-registry.yml
VOLUME /var/lib/registry
EXPOSE 5000
CMD ["docker-registry", "serve", "/etc/caisson-registry.yml"]
