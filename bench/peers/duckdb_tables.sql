-- DuckDB: the facts from CSV, and the words of payouts.sql in its dialect.
-- Shares are billionths: integers are its fastest exact arithmetic, and an
-- overflow is an error there, not a wrong amount.
create macro int_div(a, b) as a // b;
create macro month_of(d) as date_trunc('month', d);
create macro month_label(d) as strftime(d, '%Y-%m');
create table participants as
  select * from read_csv('{csv}/participants.csv', header = true, all_varchar = true);
create table quotas as
  select participant_id, period, cents::bigint as cents
  from read_csv('{csv}/quotas.csv', header = true, all_varchar = true);
create table deals as
  select deal_id, booked_on::date as booked_on, cents::bigint as cents
  from read_csv('{csv}/deals.csv', header = true, all_varchar = true);
create table splits as
  select row_number() over () as place, deal_id, participant_id,
         (share::decimal(38, 9) * 1000000000)::bigint as billionths
  from read_csv('{csv}/splits.csv', header = true, all_varchar = true);
checkpoint;
