FROM debian:trixie-slim
RUN rm -rf /tmp && mkdir -p /var/scratch && chmod 1777 /var/scratch && ln -s var/scratch /tmp && mv /run /var/volatile && ln -s var/volatile /run
