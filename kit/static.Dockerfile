# Small images made from one static busybox: `static` (no libc, no shell), `busybox` (with its links) and `hello`.
ARG BASE=debian:trixie-slim

FROM ${BASE} AS made
RUN apt-get update -q && apt-get install -q -y --no-install-recommends busybox-static
RUN mkdir -p /static/bin /links/etc /links/tmp \
 && cp /bin/busybox /static/bin/busybox \
 && cp -r /static/bin /links/bin \
 && /bin/busybox --install -s /links/bin \
 && for link in /links/bin/*; do [ ! -L "$link" ] || ln -sfn busybox "$link"; done \
 && echo 'root:x:0:0:root:/root:/bin/sh' >/links/etc/passwd \
 && echo 'root:x:0:' >/links/etc/group \
 && chmod 1777 /links/tmp

FROM scratch AS static
COPY --from=made /static/ /
CMD ["/bin/busybox"]

FROM scratch AS busybox
COPY --from=made /links/ /
CMD ["sh"]

FROM busybox AS hello
CMD ["sh", "-c", "echo 'Hello from a container inside a Caisson sandbox.'; echo 'This line went to stderr.' >&2"]
