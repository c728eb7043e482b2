-- What outlives containers, in words that H2 and PostgreSQL share. Times are microseconds since the epoch; JSON is ASCII.

create table owners (
  instance varchar(64) not null primary key
);

create table sandboxes (
  id varchar(32) not null primary key,
  state varchar(16) not null,
  container varchar(128),
  created_at bigint not null,
  ended_at bigint,
  archive_bytes bigint default 0 not null,
  idempotency_key varchar(255) unique,
  fingerprint varchar(64),
  record varchar(1000000) not null
);
create index sandboxes_by_age on sandboxes (created_at, id);
create index sandboxes_by_end on sandboxes (ended_at);

create table processes (
  sandbox varchar(32) not null,
  pid bigint not null,
  started_at bigint not null,
  record varchar(1000000) not null,
  primary key (sandbox, pid)
);

create table events (
  seq bigint not null primary key,
  sandbox varchar(32) not null,
  type varchar(16) not null,
  happened_at bigint not null,
  data varchar(1000000) not null
);
create index events_by_sandbox on events (sandbox, seq);
create index events_by_time on events (happened_at);

-- The last event's seq, and which events were removed: the last one's seq and time.
create table marks (
  name varchar(32) not null primary key,
  mark bigint not null
);
insert into marks (name, mark) values ('event', 0);
insert into marks (name, mark) values ('removed', 0);
insert into marks (name, mark) values ('removed_at', 0);
