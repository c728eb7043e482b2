-- Ports that anybody may reach, until their sandbox is forgotten.

create table public_ports (
  sandbox varchar(32) not null,
  port integer not null,
  primary key (sandbox, port)
);
