#!/bin/sh
# In the kit's build: puts the Docker toolkit, which is everything that a daemon in a sandbox needs, into /opt/caisson/docker.
set -eu
part=/opt/caisson/docker
mkdir -p "$part/bin" "$part/bin-legacy" "$part/cli-plugins" "$part/lib"

for name in dockerd docker containerd containerd-shim-runc-v2 runc docker-proxy; do
  cp -L "$(command -v $name)" "$part/bin/$name"
done
cp -L /usr/bin/tini-static "$part/bin/docker-init"
# The nest's network (nest); the second where the processor has what it needs.
for name in pasta pasta.avx2; do
  [ ! -e "/usr/bin/$name" ] || cp -L "/usr/bin/$name" "$part/bin/$name"
done
for plugin in docker-compose docker-buildx; do
  cp -L "/usr/libexec/docker/cli-plugins/$plugin" "$part/cli-plugins/$plugin"
done

# What dockerd, containerd and BuildKit start by name and the sandbox's image may lack, last in their PATH: for archives that ADD
# unpacks, layers that a pull unpacks, builds of git addresses, docker top. `git` and `git-submodule`
# are git.c, which knows where its parts lie.
helpers=$part/bin-helpers
mkdir -p "$helpers" "$part/git-core"
for name in ps unpigz xz; do
  cp -L "$(command -v $name)" "$helpers/$name"
done
cp -L "$(command -v git)" "$part/git-core/git"
cp -L /usr/lib/git-core/git-remote-http "$part/git-core/git-remote-http"
ln -s git-remote-http "$part/git-core/git-remote-https"
ln -s ../bin-helpers/git "$part/git-core/git-submodule"

# nft is what today's kernels have; bin-legacy, put first in the PATH, is for the others. What dockerd asks of nft goes to tables.c first.
cp -L "$(command -v xtables-nft-multi)" "$(command -v xtables-legacy-multi)" "$part/bin/"
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -s xtables-nft-multi "$part/bin/$name"
  ln -s xtables-legacy-multi "$part/bin/$(echo $name | sed 's/tables/tables-legacy/')"
  ln -s ../bin/xtables-legacy-multi "$part/bin-legacy/$name"
done
cp -r "$(dirname "$(find /usr/lib -name libxt_conntrack.so | head -n 1)")" "$part/lib/xtables"

# shellcheck disable=SC2046
sh /build/relocate.sh "$part/lib:/opt/caisson/lib" "$part/lib" \
  $(find "$part/bin" "$helpers" "$part/git-core" "$part/cli-plugins" "$part/lib/xtables" -type f)

cp /build/containerd.toml "$part/containerd.toml"
cp -L /etc/ssl/certs/ca-certificates.crt "$part/ca-certificates.crt"

# A program that patchelf has broken ends here, not in a sandbox.
for program in "$part"/bin/* "$helpers"/* "$part/git-core/git" "$part"/cli-plugins/*; do
  case $program in
    */containerd-shim-runc-v2) flag=-v ;;
    */docker-buildx | */docker-compose) flag=docker-cli-plugin-metadata ;;
    */xtables-*) continue ;;
    # Where the kernel's tables are out of reach, as under qemu (arm64.sh), they run to say so.
    */ip*tables*) flag=--version; "$program" --version 2>&1 | grep -q '^ip6\{0,1\}tables' && continue ;;
    *) flag=--version ;;
  esac
  "$program" $flag >/dev/null || { echo "$program does not run" >&2; exit 1; }
done
