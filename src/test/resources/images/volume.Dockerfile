FROM debian:trixie-slim
RUN mkdir -p /data/deep && echo kept >/data/deep/file && chown -R 1000:1000 /data && chmod 750 /data
VOLUME /data /var/cache/volume
