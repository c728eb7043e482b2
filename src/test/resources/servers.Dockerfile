# Servers from Debian's packages, each as its own image would be: files in /run made when it is built, its own user, a volume.
ARG BASE=debian:trixie-slim
FROM ${BASE} AS installed
RUN apt-get update -q \
 && apt-get install -q -y --no-install-recommends postgresql mariadb-server redis-server nginx-light \
 && rm -rf /var/lib/apt/lists/* && ln -s /usr/lib/postgresql/*/bin /opt/postgresql

FROM installed AS postgres
RUN install -d -o postgres -g postgres -m 3777 /run/postgresql && install -d -o postgres -g postgres -m 700 /data
USER postgres
RUN /opt/postgresql/initdb -D /data --auth-local=trust >/dev/null
VOLUME /data
CMD ["/opt/postgresql/postgres", "-D", "/data"]

FROM installed AS mariadb
RUN install -d -o mysql -g mysql /run/mysqld
VOLUME /var/lib/mysql
USER mysql
CMD ["mariadbd"]

FROM installed AS redis
RUN install -d -o redis -g redis /run/redis
USER redis
CMD ["redis-server", "--unixsocket", "/run/redis/redis.sock", "--dir", "/tmp"]

FROM installed AS nginx
RUN install -d /run/nginx && sed -i 's#^pid .*#pid /run/nginx/nginx.pid;#' /etc/nginx/nginx.conf && echo served >/var/www/html/index.html
CMD ["nginx", "-g", "daemon off;"]
