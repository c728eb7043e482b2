FROM debian:trixie-slim
RUN install -d -o 999 -g 999 -m 2775 /run/shop && echo 1 >/run/shop/pid && chown 999 /run/shop/pid && install -d -m 1777 /run/lock/shop && mkfifo /run/pipe
