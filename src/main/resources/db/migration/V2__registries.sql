-- Credentials of image registries, sealed (AES-256-GCM) under a key that is not in the database.

create table registries (
  registry varchar(255) not null primary key,
  sealed varchar(20000) not null
);
