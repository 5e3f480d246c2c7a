#include "projections/earnings/explanation.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/prose.h"
#include "projections/earnings/attribution.h"

namespace payfold {
namespace {

std::string Percent(const Rational& rate) { return absl::StrCat((rate * 100).ToText(9), "%"); }

// Minor units rounded for people; never used to calculate.
std::string Amount(const Rational& minor, Currency currency) {
  const absl::StatusOr<int64_t> rounded = minor.Round(Rounding::kHalfUp);
  return rounded.ok() ? FormatAmount(*rounded, currency) : minor.ToText(2);
}

std::string MajorAmount(const Rational& major, Currency currency) {
  return Amount(major * Rational(currency.minor_per_major()), currency);
}

// A number in the payout's unit.
std::string UnitNumber(const Rational& value, const Group& group) {
  return group.component->measure.has_value() && group.component->measure->is_money()
             ? MajorAmount(value, group.program().currency)
             : value.ToText(9);
}

std::string BandName(const Group& group, int band) {
  return absl::StrCat("(band ", band, " of ", group.component->payout.bands.bands.size(), ")");
}

std::string SliceText(const Group& group, const BandPay& pay) {
  const Rational slice = pay.slice_to - pay.slice_from;
  std::string text = UnitNumber(slice, group);
  if (!pay.slice_from.is_zero()) {
    absl::StrAppend(&text, " above ", UnitNumber(pay.slice_from, group));
  }
  return text;
}

std::string BandText(const Group& group, const BandPay& pay) {
  const Currency currency = group.program().currency;
  std::string band = BandName(group, pay.band);
  switch (pay.pay) {
    case Band::Pay::kRate:
      return absl::StrCat(Percent(pay.value), " × ", SliceText(group, pay), " ", band);
    case Band::Pay::kPerUnit:
      return absl::StrCat(MajorAmount(pay.value, currency), " × ", SliceText(group, pay), " ",
                          band);
    case Band::Pay::kFixed:
      return absl::StrCat("fixed ", MajorAmount(pay.value, currency), " ", band);
    case Band::Pay::kMultiple: {
      const Rational target = group.target.has_value() ? group.target->value : Rational(0);
      const Rational in_unit = InPayoutUnit(target, *group.component->measure, currency);
      const Rational slice =
          in_unit.is_zero() ? Rational(0) : (pay.slice_to - pay.slice_from) / in_unit;
      return absl::StrCat("target incentive ", Amount(group.target_incentive.value, currency),
                          " × ", pay.value.ToText(9), " × ", Percent(slice), " of target ", band);
    }
  }
  return band;
}

std::string PerDealText(const Group& group, const Element& element) {
  const PerDeal& per_deal = group.component->payout.per_deal;
  const Currency currency = group.program().currency;
  const std::string credit = absl::StrCat("credit ", MajorAmount(element.measure, currency),
                                          " of deal ", absl::StripPrefix(element.name, "deal:"));
  std::string text = per_deal.rate.has_value()
                         ? absl::StrCat(Percent(*per_deal.rate), " × ", credit)
                         : absl::StrCat("bands on ", credit);
  if (per_deal.min_amount.has_value()) {
    absl::StrAppend(&text, ", nothing below ", MajorAmount(*per_deal.min_amount, currency));
  }
  if (per_deal.cap.has_value()) {
    absl::StrAppend(&text, ", at most ", MajorAmount(*per_deal.cap, currency));
  }
  return text;
}

// What the element computes: "7% × 12,345.00 above 75,000.00 (band 2 of 2)".
std::string ElementText(const Group& group, const Element& element) {
  if (element.band.has_value()) return BandText(group, *element.band);
  const Payout& payout = group.component->payout;
  const Currency currency = group.program().currency;
  switch (payout.kind) {
    case Payout::Kind::kRate:
      return absl::StrCat(Percent(payout.value), " × ", UnitNumber(element.measure, group));
    case Payout::Kind::kPerUnit:
      return absl::StrCat(MajorAmount(payout.value, currency), " × ",
                          UnitNumber(element.measure, group));
    case Payout::Kind::kFixed:
      return absl::StrCat("fixed ", MajorAmount(payout.value, currency));
    case Payout::Kind::kPerDeal:
      return PerDealText(group, element);
    case Payout::Kind::kBands:
      break;
  }
  return "";
}

void AddStep(const Group& group, const EarnedLine& line, v1::Explanation* explanation) {
  for (const Element& element : ElementsUpTo(group, line.days.last, group.contributions)) {
    if (element.name != line.element) continue;
    v1::Step* step = explanation->add_steps();
    step->set_text(ElementText(group, element));
    step->set_exact(element.amount.ToString());
  }
}

std::string Sentence(const Group& group, const EarnedLine& line,
                     const v1::Explanation& explanation) {
  const Currency currency = group.program().currency;
  const std::string what = explanation.steps().empty()
                               ? absl::StrCat(line.element, " no longer pays")
                               : explanation.steps(0).text();
  std::string sentence = absl::StrCat(what, " = ", FormatAmount(line.to_date, currency));
  if (line.before != 0) {
    absl::StrAppend(&sentence, ", less ", FormatAmount(line.before, currency), " up to ",
                    (line.days.first - 1).ToString(), " = ", FormatAmount(line.amount, currency));
  }
  if (group.leaver) absl::StrAppend(&sentence, " (taken back after leaving the plan)");
  return sentence;
}

void AddPosition(uint64_t position, v1::Explanation* explanation) {
  for (uint64_t known : explanation->positions()) {
    if (known == position) return;
  }
  explanation->add_positions(position);
}

void AddReferencePositions(const Evaluator& evaluator, const Group& group, const EarnedLine& line,
                           v1::Explanation* explanation) {
  AddPosition(group.version->position, explanation);
  const ParticipantState* state =
      evaluator.view().reference().org->StateOn(group.participant, line.days.last);
  if (state != nullptr) AddPosition(state->position, explanation);
  const Assignment* assignment = group.history->AssignmentOn(group.participant, line.days.last);
  if (assignment != nullptr) AddPosition(assignment->position, explanation);
  for (const auto* source : {&group.target, &group.by_target}) {
    if (!source->has_value()) continue;
    for (uint64_t position : (*source)->positions) AddPosition(position, explanation);
  }
  for (uint64_t position : group.target_incentive.positions) AddPosition(position, explanation);
}

void AddMeasure(const Group& group, const EarnedLine& line, v1::Explanation* explanation) {
  if (!group.component->measure.has_value()) return;
  const Measure& measure = *group.component->measure;
  const Currency currency = group.program().currency;
  explanation->set_measure(MeasureText(measure));
  const Rational to_date = MeasureUpTo(group, line.days.last);
  explanation->set_measure_to_date(MeasureNumber(to_date, measure, currency));
  explanation->set_measure_before(
      MeasureNumber(MeasureUpTo(group, line.days.first - 1), measure, currency));
  if (!group.component->target.has_value()) return;
  if (!group.target.has_value()) {
    explanation->set_target("undefined");
    return;
  }
  explanation->set_target(MeasureNumber(group.target->value, measure, currency));
  if (!group.target->value.is_zero()) {
    explanation->set_attainment((to_date / group.target->value).ToString());
  }
}

void AddConversion(const Deal& deal, const Evaluator& evaluator, const Group& group,
                   v1::Explanation* explanation) {
  const Currency to = group.program().currency;
  const absl::StatusOr<Currency> from = Currency::Parse(deal.currency);
  if (!from.ok() || *from == to) return;
  for (const Base& base : deal.bases) {
    const absl::StatusOr<Rational> factor =
        MinorUnitFactor(evaluator.view().reference(), *from, to, base.date);
    if (!factor.ok()) continue;
    const Rational rate = *factor * Rational::Of(from->minor_per_major(), to.minor_per_major());
    explanation->add_conversions(absl::StrCat(
        deal.currency, " ", FormatAmount(base.change, *from), " × ", rate.ToText(9), " = ",
        to.code(), " ", Amount(Rational(base.change) * *factor, to), " on ", base.date.ToString()));
  }
}

void AddAttributions(const Evaluator& evaluator, const LineAttribution& attribution,
                     v1::Explanation* explanation) {
  const Group& group = *attribution.group;
  for (const DealPart& part : attribution.deals) {
    v1::Attribution* to = explanation->add_attributions();
    to->set_deal_id(part.deal->deal_id);
    to->set_minor_units(part.amount);
    if (group.component->measure->is_money()) {
      to->set_credit_minor_units(part.credit.Round(group.program().rounding).value_or(0));
    }
    std::set<uint64_t> positions(part.deal->positions.begin(), part.deal->positions.end());
    if (part.deal->split_position != 0) positions.insert(part.deal->split_position);
    for (uint64_t position : positions) to->add_positions(position);
    AddConversion(*part.deal, evaluator, group, explanation);
  }
  explanation->set_unattributed_minor_units(attribution.unattributed);
}

}  // namespace

std::string MeasureNumber(const Rational& value, const Measure& measure, Currency currency) {
  return measure.is_money() ? Amount(value, currency) : value.ToText(9);
}

v1::Line LineProto(const Evaluator& evaluator, const EarnedLine& line) {
  const Reference& reference = evaluator.view().reference();
  const Calendar calendar = reference.calendar();
  const Group& group = *line.group;
  v1::Line proto;
  proto.set_line_id(line.line_id);
  proto.set_participant_id(reference.org->Id(group.participant));
  proto.set_plan_id(group.program().plan_id);
  proto.set_component_id(group.component->component_id);
  proto.set_measurement_period(calendar.Label(group.period));
  proto.set_element(line.element);
  proto.set_payout_period(calendar.Label(line.payout_period));
  proto.set_date(line.date.ToString());
  proto.mutable_amount()->set_currency(std::string(group.program().currency.code()));
  proto.mutable_amount()->set_minor_units(line.amount);
  proto.set_plan_version(group.version->version);
  proto.set_evaluation(group.component->running ? "RUNNING" : "PERIOD_END");
  return proto;
}

absl::StatusOr<v1::Explanation> ExplainEarnedLine(Evaluator* evaluator, const EarnedLine& line) {
  ASSIGN_OR_RETURN(const LineAttribution attribution, AttributeLine(evaluator, line));
  const Group& group = *attribution.group;
  v1::Explanation explanation;
  AddMeasure(group, line, &explanation);
  AddStep(group, line, &explanation);
  explanation.set_amount_to_date_minor_units(line.to_date);
  explanation.set_amount_before_minor_units(line.before);
  if (!group.target_incentive.value.is_zero()) {
    explanation.set_target_incentive(
        (group.target_incentive.value / Rational(group.program().currency.minor_per_major()))
            .ToString());
  }
  explanation.set_rounding(group.program().rounding == Rounding::kHalfUp ? "HALF_UP" : "HALF_EVEN");
  AddAttributions(*evaluator, attribution, &explanation);
  AddReferencePositions(*evaluator, group, line, &explanation);
  explanation.set_sentence(Sentence(group, line, explanation));
  return explanation;
}

}  // namespace payfold
