# What the generated Python client stands on, and the checker of its types, from Debian's packages: for its test.
ARG BASE=debian:trixie-slim
FROM ${BASE}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends mypy python3 python3-dateutil python3-pydantic python3-typeshed \
      python3-typing-extensions python3-urllib3 && rm -rf /var/lib/apt/lists/*
