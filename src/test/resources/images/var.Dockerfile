FROM debian:trixie-slim
RUN rm -rf /var/run && install -d -o 101 /var/run/app && echo 1 >/var/run/app/app.pid && install -d -m 2755 -g 4 /var/log/app && ln -s /dev/stdout /var/log/app/access
