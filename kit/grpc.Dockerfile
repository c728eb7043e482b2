# A gRPC client and server from Debian's package, for tests: HTTP/2 to a port of a sandbox.
ARG BASE=debian:trixie-slim
FROM ${BASE}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends python3-grpcio && rm -rf /var/lib/apt/lists/*
