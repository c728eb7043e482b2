FROM debian:trixie-slim
RUN mkdir -p /tmp/fixtures/deep && echo 42 >/tmp/fixtures/answer && chown -R 33 /tmp/fixtures && chmod 1700 /tmp/fixtures/deep && echo 1 >/var/tmp/kept
