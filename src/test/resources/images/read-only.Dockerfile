FROM debian:trixie-slim
RUN mkdir -p /srv/a/b && echo 1 >/srv/a/b/c && chmod 444 /srv/a/b/c && chmod -R a-w /srv /opt /run && chmod 555 /tmp
