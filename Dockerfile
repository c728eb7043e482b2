# The service image: the jar that ./mvnw package makes, on a Java runtime of its own, with an AOT cache trained in the build.
#
#   docker build -t caisson/caisson .
#   docker run -d --name caisson --restart unless-stopped -v /var/run/docker.sock:/var/run/docker.sock \
#     --cap-add LINUX_IMMUTABLE -v /var/lib/caisson:/var/lib/caisson -p 127.0.0.1:8080:8080 -e SERVER_ADDRESS=0.0.0.0 caisson/caisson
#
# The state directory has the same path inside and outside: the engine, on the host, mounts from it into sandboxes. On an
# engine with user namespaces the service needs `--userns=host`: it talks to the engine's socket and gives the directory of
# a sandbox's socket to the sandbox's root, and remapped it is nobody who may.
# The base image is pulled, or made by kit/base-image.sh. Only what engines without BuildKit understand is used.
ARG BASE=debian:trixie-slim

# The line is kit/Dockerfile's, to the letter: whichever is built second finds it in the engine's cache.
FROM ${BASE} AS tools
RUN mkdir -p /usr/share/man/man1 \
 && apt-get update -q \
 && apt-get install -q -y --no-install-recommends binutils gcc libc6-dev musl-tools openjdk-25-jdk-headless patchelf tini

# java.se is a little more than today's jar names (jdeps), so that a new dependency does not fail at run time.
# Not compressed, for the reason in kit/runtime.sh.
FROM tools AS runtime
RUN jlink --add-modules java.se,jdk.jfr,jdk.management,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs \
      --strip-debug --no-header-files --no-man-pages --output /opt/java \
 && cp -L /etc/ssl/certs/java/cacerts /opt/java/lib/security/cacerts \
 && rm -rf /opt/java/legal /opt/java/lib/jrt-fs.jar

# Dependencies apart from the program: their layer stays the same from one jar to the next.
FROM tools AS unpacked
COPY target/caisson.jar /build/
RUN java -Djarmode=tools -jar /build/caisson.jar extract --destination /srv/caisson \
 && find /srv/caisson -exec touch -d @1767225600 {} +

FROM ${BASE} AS service
COPY --from=runtime /opt/java /opt/java
COPY --from=unpacked /usr/bin/tini-static /usr/bin/tini
COPY --from=unpacked /srv/caisson/lib /srv/caisson/lib
COPY --from=unpacked /srv/caisson/caisson.jar /srv/caisson/
COPY kit/service.args /srv/caisson/java.args

# Trained where it lies, since it remembers paths and times. It asks itself what callers ask, beside stand-ins, and ends.
FROM service AS trained
COPY kit/rehearsal.args /tmp/rehearsal.args
RUN /opt/java/bin/java @/srv/caisson/java.args @/tmp/rehearsal.args -XX:AOTCacheOutput=/srv/caisson/caisson.aot \
      -jar /srv/caisson/caisson.jar --rehearse \
 && echo -XX:AOTCache=/srv/caisson/caisson.aot >>/srv/caisson/java.args

FROM service
COPY --from=trained /srv/caisson/caisson.aot /srv/caisson/java.args /srv/caisson/
# A cache that does not fit is otherwise ignored in silence; this fails.
RUN /opt/java/bin/java @/srv/caisson/java.args -XX:AOTMode=on -cp /srv/caisson/caisson.jar --version
LABEL org.opencontainers.image.title=Caisson org.opencontainers.image.description="Sandboxes over REST, each with a Docker daemon of its own"
ENV CAISSON_HOME=/var/lib/caisson PATH=/opt/java/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
EXPOSE 8080
# Ready means: it answers and reaches its engine. Bash speaks enough HTTP to ask.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/${SERVER_PORT:-8080} && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r -t 4 _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["/usr/bin/tini", "-e", "143", "--", "/opt/java/bin/java", "@/srv/caisson/java.args", "-jar", "/srv/caisson/caisson.jar"]
