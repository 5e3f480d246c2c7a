// The judge of the calculation: a second evaluator, as plain as can be.
//
// It says what every line is by the text of the specification: for each
// participant, plan version, component and measurement period it reads all
// facts again, day by day. No cells, no indexes, no sums carried along.
//
// It knows all of sections 1 to 9 and 14; naive_settlement.h knows section 10.
// Plans must compile.
//
// Where the page leaves room, these readings are taken (by section):
//  §2  Without a LedgerConfigured there is no line. A void has no effect on a
//      plan version, a retirement or a void; on all other facts it has.
//  §3  Nobody is in a plan on a day without a version in force. Eligibility is
//      that of the version in force on the day asked for, also when another
//      version is evaluated. An assignment that is over leaves the participant
//      to eligibility; it does not uncover an earlier one. What a state lacks
//      matches no list.
//  §3  What a cancellation takes back is limited per deal and evaluated measure
//      (participant, plan, `where`, scope): to the sum of the deal's counted
//      entries before it, over the whole log, at least 0. The first base is at
//      the deal's booking date.
//  §3  A leaver is who has no day in the plan in the segment inside the
//      measurement period. "Negative elements only": for each element, what it
//      changed since the segment's start is at most 0, min(0, A(e) − A(start)).
//      "The last day in the plan", if none is in the measurement period, is the
//      last one before it.
//  §4  RESTATEs and the ADJUSTs they drop are ordered by (amended_on as stated,
//      position). Changes happen in the order (date, not before the booking
//      date; booking first; position). An ADJUST's old is the stated amount
//      before it in that order, cancellations aside. What is left is bases −
//      cancelled, at least 0. ADJUSTs and cancellations in another currency than
//      the deal's (as restated) have no effect.
//  §4  A cancellation is in full if no amount is given or the amount is at least
//      what is left, also when nothing is left.
//  §4  In plan currency each base is converted on its own date; one without a
//      rate adds nothing, the others still do. A partial cancellation is
//      converted on its own date and takes at most what is left in plan
//      currency, one in full takes that; what is left there is at least 0, too.
//      A cancellation in full needs no rate, counts need none.
//  §4  Invoices and payments in another currency than the deal's have no effect; one
//      before the booking takes its date. What a cancellation leaves nothing of is
//      taken in full. Cancellations with an effect are numbered.
//  §4  PERIOD_END converts a base at the end of the measurement period that holds
//      its date (of a window, of the window).
//  §4  RESTATE takes as much as NET does from the bases before the cancellation, the
//      first ones first; in full leaves each at 0. Ordinary lines are those without
//      any cancellation. The line of the k-th cancellation of the ledger, in order
//      (date, deal_id, place), is the total of a version's component for a
//      measurement period (its last day, all segments, after its cap) with k of
//      them applied less that with k − 1, whatever the period; lines of other
//      components (`earnings`) stand as they are. Rewards are restated too.
//  §4  REVERSE: c is the amount cancelled / the deal's amount before it, cancellations
//      aside; of a deal without amount the first cancellation takes all. Attributed
//      is the deal's part of the money lines of the version's component of a
//      measurement period, leavers' aside. A schedule has nothing after its last step.
//  §4  A RESTATE with an empty text takes the attribute away, the owner too. An
//      empty attribute of a booking is missing. Overlays are in no Allocate.
//  §5  Somebody has a credit (DEAL_AMOUNT, COUNT) by a share above 0, whatever
//      the minor units. SHARED_COUNT sums overlays too.
//  §5  COUNT and SHARED_COUNT are taken back once, by the first cancellation in
//      full, for those in the scope on its date.
//  §5  COMPANY is everybody with a state on the date, whatever the status: a
//      credit before its participant's first state belongs to no COMPANY. TEAM
//      and TERRITORY likewise ask for a state of both; an empty text is nobody's.
//      REPORTS go through anybody with a state on the date.
//  §5  `amount` in `where` is the booked amount, restated, not adjusted; `source`
//      is that of the booking. A number is compared only with what parses as one.
//  §5  COUNT_DISTINCT counts a deal cancelled in full until the cancellation's day,
//      whoever is in the scope then; a missing attribute is no value.
//  §5  Ratio, growth and mixed sums take money in major units and are plain numbers.
//      Values of metrics with unit MONEY are minor units. `periods` up to a day
//      counts sub-periods that end by it, each whole. An attribute that is no
//      decimal is undefined. `*` is of COMPANY, which asks no state of the one
//      evaluated.
//  §5  Earnings of other currencies are converted like a base of the line's date. The
//      money of a gate's `component` is an own `earnings` measure.
//  §5  `by` has the component's scope (not that of the component's measure).
//  §6  The team of a quota is the one of each day in the plan, for all its tiles.
//      A window may be tiled by one single period. A target incentive in another
//      currency than the version's is 0. A period without a label inside its
//      year (YEAR, windows) has no share in target_weights.
//  §7  A band is entered at its lower edge when that belongs to it, `from`
//      included: a fixed first band pays at a measure of 0 (LOWER_INCLUSIVE) or
//      above 0 (UPPER_INCLUSIVE). The other extends below 0.
//  §7  MARGINAL with a retroactive band: the highest entered one pays on all
//      slices below it, those of fixed bands included; bands below it pay
//      nothing but their fixed. On a fixed band `retroactive` means nothing.
//  §7  `multiple` on basis MEASURE takes slice / target as slice of attainment.
//      RETROACTIVE above the last `upto` pays 0. `by` with a target of 0 or
//      undefined pays 0, like a basis ATTAINMENT.
//  §7  per_deal: round(f(to date) − f(eve of the measurement period)), where the
//      credit is what counted since the beginning of the log.
//      With RESTART the eve is the segment's.
//  §7  Gates, multipliers and axes without a scope take the component's. A goal is
//      reached at an attainment of 1. `rate_by` finds a key, else "*", else the rate.
//  §7  The floor is of what the payout pays after gates and multipliers; a gate's
//      multiple of 0 leaves it. RESTART: floor and cap are of the segment. A cap cuts
//      carry, floor, then the payout's elements from the last. Per DEAL it cuts by
//      what deals are attributed above it. What is carried in is paid from the first
//      day in the plan in the period on, gates or not; a period in which nobody can
//      be paid loses it.
//  §7  A pool is of the component's scope, else its measure's; REPORTS of those with
//      the same manager. Weights by measure are own measures as paid; by attribute
//      those of the last day. Only ZERO keeps one out. Without weights nothing is
//      paid. It is of no deal. `scale` takes a quota, a number, a table by the
//      group's name, the previous period; it is not prorated.
//  §7  RUNNING: "gates on anything else" are on measures of other kinds, on components
//      or with population targets.
//  §7  Plan cap: elements are in order of number or name, then floor, carry, excess,
//      restated, reversed. Budgets follow one another by their last day; a later one
//      counts an earlier one's lines. Rewards are in neither.
//  §9  Credits of one deal and date are one step. Gates, multipliers and `by` without
//      a measure of their own follow the steps; references do not.
//  §8  A segment is a run of days with one version in force, inside the
//      measurement period. An amount before the participant's first day in the
//      plan in the measurement period is 0; the amount on its eve is 0.
//      A PERIOD_END line of a segment that ended earlier is dated the
//      measurement period's last day all the same.
//  §8  Components are computed to the end of the fiscal year of the horizon asked for
//      or of the last dated fact; the horizon cuts lines off.

#ifndef TESTS_SUPPORT_NAIVE_EVALUATOR_H_
#define TESTS_SUPPORT_NAIVE_EVALUATOR_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/calendar/date.h"
#include "payfold/v1/event.pb.h"

namespace payfold_testing {

struct NaiveLine {
  std::string participant_id, plan_id, component_id;
  std::string measurement_period;  // label
  // "rate", "per_unit", "fixed", "band1", "curve", "cell1.2", "deal:D-17", "award1",
  // "pool", "goal:G"; "floor", "carry", "excess"; "restated", "reversed"; "budget",
  // of no component and its own period.
  std::string element;
  std::string payout_period;  // label
  std::string date;
  int64_t minor_units = 0;  // of the plan's currency
  uint32_t plan_version = 0;
  // The segment's first day where it is after the first day that the line could
  // pay for (RUNNING: of payout period ∩ measurement period, PERIOD_END: of the
  // measurement period), else empty: tells apart the lines of several segments.
  std::string segment_start;
  std::string currency = {};  // the plan's
  // What is paid where it is no money: "points", a badge id or an item's name;
  // then minor_units are units.
  std::string reward = {};
  // Of restated and reversed lines "~DEAL_ID.K", K the number of the deal's
  // cancellation.
  std::string origin = {};
  // Minor units by deal, where the component's schedule waits for cash.
  std::map<std::string, int64_t> attributed = {};
  // Those deals, in order of their first credits.
  std::vector<std::string> credit_order = {};
};

// All lines that are not 0, of all participants and plans, dated up to `horizon`,
// in order of their text. The events are in order of position.
// REQUIRES: the events are well formed.
std::vector<NaiveLine> NaiveLines(const std::vector<payfold::v1::Event>& events,
                                  payfold::Date horizon);

// "ana/ae/commission/2025-Q1/band2/2025-02@2025-02-15 2025-02-28 86415 v2".
std::string ToText(const NaiveLine& line);
// One line each.
std::string ToText(const std::vector<NaiveLine>& lines);

}  // namespace payfold_testing

#endif  // TESTS_SUPPORT_NAIVE_EVALUATOR_H_
