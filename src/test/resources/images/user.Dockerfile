FROM debian:trixie-slim
RUN useradd -m -u 1000 worker && install -d -o worker -m 700 /home/worker/.cache && ln -s /tmp /home/worker/scratch
USER worker
WORKDIR /home/worker
