#!/bin/sh
# 43 checks of what a Docker host does, run in a sandbox whose daemon is READY. Prints PASS or FAIL, a line each.
# IMAGE is any image with busybox at /bin; nothing else of the sandbox is needed but a shell, docker and the kit's plugins.
IMAGE=${IMAGE:-busybox}
export DOCKER_BUILDKIT=0

ok() { echo "PASS $1"; }
no() { echo "FAIL $1: … $(echo "$2" | tr '\n' ' ' | tail -c 240)"; }
t() {
  name=$1
  shift
  if out=$(timeout 60 "$@" 2>&1); then ok "$name"; else no "$name" "exit $? $out"; fi
}
# What a container does a moment after it was started is asked for until it holds.
tries='i=0; until eval "$CHECK"; do i=$((i+1)); [ $i -lt 50 ] || exit 1; sleep 0.2; done'

work=$(mktemp -d)
docker pull -q "$IMAGE" >/dev/null
docker save "$IMAGE" >"$work/image.tar"
t load docker load -i "$work/image.tar"
t run docker run --rm "$IMAGE" echo hi
t run_init docker run --rm --init "$IMAGE" echo hi
# The process that runs this suite has a terminal.
t run_tty docker run --rm -t "$IMAGE" tty
t run_hostnet docker run --rm --net host "$IMAGE" echo hi
t run_nonet docker run --rm --net none "$IMAGE" echo hi
inner=$(docker run --rm "$IMAGE" ip route 2>/dev/null | awk '/^default/{print $3}')
t ping_gw docker run --rm "$IMAGE" ping -c1 -W3 "$inner"
t nat_outer docker run --rm "$IMAGE" wget -T 5 -qO- "http://$REGISTRY/v2/"
t dns_embedded sh -c "docker network create n1 >/dev/null && docker run -d --rm --name dd --net n1 $IMAGE sleep 60 >/dev/null && docker run --rm --net n1 $IMAGE ping -c1 -W3 dd; r=\$?; docker rm -f dd; docker network rm n1; exit \$r"
serve='mkdir -p /w; echo hello>/w/index.html; exec httpd -f -p 80 -h /w'
docker rm -f web >/dev/null 2>&1
CHECK='wget -T 3 -qO- http://127.0.0.1:8080/ | grep -q hello'
export CHECK
t publish sh -c "docker run -d --name web -p 8080:80 $IMAGE sh -c '$serve' && $tries"
own=$(ip -4 -o addr show eth0 | awk '{print $4}' | cut -d/ -f1)
CHECK="wget -T 3 -qO- http://$own:8080/ | grep -q hello"
t publish_ethip sh -c "$tries"
t exec docker exec web echo hi
t stats docker stats --no-stream web
t pause sh -c 'docker pause web && docker unpause web'
t memlimit sh -c "docker run --rm -m 64m $IMAGE sh -c 'cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null' | grep 67108864"
t memlimit_oom sh -c "! docker run --rm -m 32m --memory-swap 32m $IMAGE dd if=/dev/zero of=/dev/null bs=200M count=1"
t cpulimit docker run --rm --cpus 0.25 "$IMAGE" echo hi
t pidslimit sh -c "docker run --rm --pids-limit 5 $IMAGE sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait' 2>&1 | grep -i fork"
t device docker run --rm --device /dev/null:/dev/xnull "$IMAGE" ls -la /dev/xnull
t capadd docker run --rm --cap-add NET_ADMIN "$IMAGE" echo hi
t seccomp_default sh -c "docker run --rm $IMAGE cat /proc/self/status | grep -q 'Seccomp:.*2'"
t ulimit docker run --rm --ulimit nofile=1024:2048 "$IMAGE" echo hi
t ulimit_high docker run --rm --ulimit nofile=2097152:2097152 "$IMAGE" echo hi
t sysctl docker run --rm --sysctl net.core.somaxconn=512 "$IMAGE" echo hi
t oom_score docker run --rm --oom-score-adj 500 "$IMAGE" echo hi
t oom_score_negative docker run --rm --oom-score-adj=-600 "$IMAGE" echo hi
t tmpfs docker run --rm --tmpfs /t "$IMAGE" touch /t/x
t volume sh -c "docker run --rm -v v1:/v $IMAGE touch /v/x && docker run --rm -v v1:/v $IMAGE ls /v/x"
t bind docker run --rm -v /etc:/hostetc:ro "$IMAGE" ls /hostetc/passwd
t readonly docker run --rm --read-only "$IMAGE" echo hi
t user docker run --rm -u 1234 "$IMAGE" id
t shm docker run --rm --shm-size 8m "$IMAGE" echo hi
t privileged docker run --rm --privileged "$IMAGE" echo hi
mkdir -p "$work/b"
printf 'FROM %s\nRUN echo built > /x\nCOPY f /f\nUSER 1000\nCMD ["cat","/x"]\n' "$IMAGE" >"$work/b/Dockerfile"
echo f >"$work/b/f"
t build sh -c "docker build --no-cache -t b1 $work/b && docker run --rm b1 | grep built"
t buildkit sh -c "DOCKER_BUILDKIT=1 docker build --no-cache -t b2 $work/b && docker run --rm b2 | grep built"
t commit sh -c 'docker commit web c1 && docker run --rm c1 echo hi'
t cp sh -c "docker cp /etc/hostname web:/tmp1 && docker cp web:/tmp1 $work/tmp1"
t save sh -c 'docker save b1 | tar -t >/dev/null'
t export sh -c 'docker export web | tar -t >/dev/null'
mkdir -p "$work/c"
cat >"$work/c/compose.yaml" <<Y
services:
  a:
    image: $IMAGE
    command: sh -c "$serve"
    ports: ["8081:80"]
  b:
    image: $IMAGE
    depends_on: [a]
    command: sh -c "until wget -qO- http://a/; do sleep 0.2; done; sleep 60"
Y
CHECK='docker compose logs b | grep -q hello && wget -T 3 -qO- http://127.0.0.1:8081/ | grep -q hello'
t compose sh -c "cd $work/c && docker compose up -d && ( $tries ); r=\$?; docker compose down -t 1; exit \$r"
t stop sh -c "docker run -d --name st $IMAGE sleep 100 && docker stop -t 1 st && docker rm st"
t logs docker logs web
t inspect docker inspect web
docker rm -f web >/dev/null 2>&1
rm -rf "$work"
echo END
