-- PostgreSQL: the facts from CSV, and the words of payouts.sql in its dialect.
\set ON_ERROR_STOP on
drop schema if exists facts cascade;
create schema facts;
set search_path = facts;
create function int_div(a bigint, b bigint) returns bigint
  language sql immutable parallel safe as 'select a / b';
-- A sum of bigint is numeric.
create function int_div(a numeric, b bigint) returns bigint
  language sql immutable parallel safe as 'select a::bigint / b';
create function month_of(d date) returns date
  language sql stable parallel safe as $$select date_trunc('month', d)::date$$;
create function month_label(d date) returns text
  language sql immutable parallel safe as $$select to_char(d, 'YYYY-MM')$$;
create table participants (
  participant_id text primary key, role text not null, team text, manager_id text);
create table quotas (
  participant_id text, period text, cents bigint not null, primary key (participant_id, period));
create table deals (deal_id text primary key, booked_on date not null, cents bigint not null);
create table splits (
  place bigint not null generated always as identity, deal_id text, participant_id text not null,
  billionths bigint not null, primary key (deal_id, place));
create temp table written (deal_id text, participant_id text, share numeric(10, 9));
\copy participants from '{csv}/participants.csv' csv header
\copy quotas from '{csv}/quotas.csv' csv header
\copy deals from '{csv}/deals.csv' csv header
\copy written from '{csv}/splits.csv' csv header
insert into splits (deal_id, participant_id, billionths)
  select deal_id, participant_id, share * 1000000000 from written;
-- For what one person is owed.
create index on splits (participant_id);
vacuum analyze;
