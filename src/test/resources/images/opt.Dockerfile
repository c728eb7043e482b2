FROM debian:trixie-slim
RUN install -d -o 12 /opt/app/bin && cp /bin/true /opt/app/bin/tool && chmod 6711 /opt/app/bin/tool && ln /opt/app/bin/tool /opt/app/bin/other && ln -s nowhere /opt/app/dangling \
 && mkdir -p /usr/local/lib/docker/cli-plugins && cp /bin/true /usr/local/lib/docker/cli-plugins/docker-own
