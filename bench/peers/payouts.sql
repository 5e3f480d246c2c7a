-- What everybody is owed for every month, exactly as calculation.md says: a deal is
-- allocated to its shares by largest remainder, ties to the first listed; each band
-- of attainment pays on its own slice and is rounded half up; no quota pays nothing.
-- The text is the same for all peers; {chosen} narrows the splits to the deals in question,
-- {wanted} the shares that are summed.
with parts as (
  select s.deal_id, s.participant_id, s.place, d.booked_on,
         int_div(s.billionths * d.cents, 1000000000) as whole,
         (s.billionths * d.cents) % 1000000000 as remainder
  from splits s join deals d on d.deal_id = s.deal_id
  where d.booked_on between date '2024-01-01' and date '2025-12-31' {chosen}
),
-- Only where something is left over is there anything to rank.
ranked as (
  select participant_id, booked_on,
         row_number() over (partition by deal_id order by remainder desc, place) as rank,
         int_div(sum(remainder) over (partition by deal_id), 1000000000) as units
  from parts where remainder > 0
),
credits as (
  select participant_id, booked_on, whole as cents from parts {wanted}
  union all
  select participant_id, booked_on, 1 as cents from ranked where rank <= units {wanted_too}
),
months as (
  select participant_id, month_of(booked_on) as month, sum(cents) as cents
  from credits group by 1, 2
),
payouts as (
  select m.participant_id, month_label(m.month) as period,
         case when q.cents > 0 then
           round(0.05 * least(m.cents, q.cents), 0)
           + round(0.08 * greatest(0, least(m.cents, 1.5 * q.cents) - q.cents), 0)
           + round(0.12 * greatest(0, m.cents - 1.5 * q.cents), 0)
         else 0 end as cents
  from months m
  join participants p on p.participant_id = m.participant_id and p.role = 'seller'
  left join quotas q on q.participant_id = m.participant_id and q.period = month_label(m.month)
)
