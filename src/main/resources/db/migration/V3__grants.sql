-- Who may use one thing of one sandbox for a while; of a token only its hash, in hexadecimal.

create table grants (
  id varchar(16) not null primary key,
  sandbox varchar(32) not null,
  scope varchar(16) not null,
  port integer,
  expires_at bigint not null,
  token_hash varchar(64) not null
);
create index grants_by_sandbox on grants (sandbox);
create index grants_by_end on grants (expires_at);
