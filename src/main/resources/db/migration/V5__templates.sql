-- Named creates, and which volume has their images; JSON in ASCII.

create table templates (
  name varchar(64) not null primary key,
  record varchar(1000000) not null
);
