# A PostgreSQL from Debian's package, for tests where no image can be pulled. Data is in the container and goes with it.
ARG BASE=debian:trixie-slim
FROM ${BASE}
RUN apt-get update -q && apt-get install -q -y --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/*
RUN ln -s /usr/lib/postgresql/*/bin /opt/postgresql && install -d -o postgres -g postgres -m 700 /data
USER postgres
# The password is no secret: the port is published on loopback for as long as a test runs.
RUN printf caisson >/tmp/password \
 && /opt/postgresql/initdb -D /data -U caisson --auth-local=trust --auth-host=scram-sha-256 --pwfile=/tmp/password -E UTF8 --locale=C.UTF-8 >/dev/null \
 && printf 'host all all all scram-sha-256\n' >>/data/pg_hba.conf && rm /tmp/password
EXPOSE 5432
STOPSIGNAL SIGINT
CMD ["/opt/postgresql/postgres", "-D", "/data", "-c", "listen_addresses=*"]
