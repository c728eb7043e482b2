FROM debian:trixie-slim
RUN mkdir -p /run/docker/netns /run/containerd/io.containerd.runtime.v2.task/moby/0123 /run/docker/containerd/daemon /etc/docker \
 && echo 1 >/run/docker.pid && echo 1 >/run/containerd/containerd.pid && touch /run/docker.sock /run/containerd/containerd.sock /run/docker/netns/0123 \
 && echo '{"data-root":"/nowhere","hosts":["tcp://0.0.0.0:2375"]}' >/etc/docker/daemon.json
