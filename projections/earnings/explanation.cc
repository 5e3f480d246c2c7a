#include "projections/earnings/explanation.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/prose.h"
#include "projections/earnings/attribution.h"
#include "projections/earnings/element_text.h"

namespace payfold {
namespace {

std::string LineAmountText(const EarnedLine& line, int64_t amount) {
  return line.is_money() ? FormatAmount(amount, line.program().currency) : absl::StrCat(amount);
}

// The exact amount of the line's element, after gates and multipliers; none if it pays
// nothing by then, or is none of the payout.
absl::StatusOr<std::optional<Rational>> AddStep(const Group& group, const EarnedLine& line,
                                                v1::Explanation* explanation) {
  const Cut cut{line.days.last};
  ASSIGN_OR_RETURN(const std::vector<Element> elements, ElementsAt(group, cut));
  for (const Element& element : elements) {
    if (element.name != line.element) continue;
    const Rational exact = element.amount * ModificationAt(group, cut).factor;
    v1::Step* step = explanation->add_steps();
    step->set_text(absl::StrCat(ElementText(group, element, cut), ModificationText(group, cut)));
    step->set_exact(exact.ToString());
    return std::optional<Rational>(exact);
  }
  const std::set<std::string> modifiers = {"carry", "floor", "excess", "forfeited"};
  if (modifiers.count(line.element) > 0) {
    explanation->add_steps()->set_text(ModifierLineText(group, line));
  }
  return std::optional<Rational>();
}

// Why an element that paid before pays nothing now.
std::string NoLongerText(const EarnedLine& line) {
  const std::string standing = StandingText(*line.group, {line.days.last});
  return absl::StrCat(ElementName(line.element), " no longer pays",
                      standing.empty() ? "" : absl::StrCat(" at ", standing));
}

// What a cap of the component took off the element: " = 6,000.00, cut by …".
std::string CutText(const EarnedLine& line, const std::optional<Rational>& exact) {
  const Group& group = *line.group;
  if (!group.component->cap.has_value() || group.leaver || !exact.has_value()) return "";
  const absl::StatusOr<int64_t> whole =
      (*exact * Rational(group.minor_per_unit())).Round(group.rounding());
  const absl::StatusOr<int64_t> cap = CapOf(group);
  if (!whole.ok() || !cap.ok() || *whole == line.to_date) return "";
  return absl::StrCat(" = ", LineAmountText(line, *whole), ", cut to the component's cap of ",
                      LineAmountText(line, *cap),
                      group.component->cap->per_deal ? " for each deal" : " in all");
}

std::string ElementSentence(const EarnedLine& line, const v1::Explanation& explanation,
                            const std::optional<Rational>& exact) {
  const std::string what =
      explanation.steps().empty() ? NoLongerText(line) : explanation.steps(0).text();
  std::string sentence =
      absl::StrCat(what, CutText(line, exact), " = ", LineAmountText(line, line.to_date));
  if (line.before != 0) {
    absl::StrAppend(&sentence, ", less ", LineAmountText(line, line.before), " up to ",
                    (line.days.first - 1).ToString(), " = ",
                    LineAmountText(line, line.to_date - line.before));
  }
  if (line.group->leaver) absl::StrAppend(&sentence, " (taken back after leaving the plan)");
  return sentence;
}

// What the units of a reward are: " points", " (badge star)".
std::string RewardText(const Reward& reward) {
  switch (reward.kind) {
    case Reward::Kind::kMoney:
      return "";
    case Reward::Kind::kPoints:
      return " points";
    case Reward::Kind::kBadge:
      return absl::StrCat(" (badge ", reward.name, ")");
    case Reward::Kind::kItem:
      return absl::StrCat(" (", reward.name, ")");
  }
  return "";
}

std::string Sentence(const EarnedLine& line, const v1::Explanation& explanation,
                     const std::optional<Rational>& exact) {
  std::string sentence;
  switch (line.kind) {
    case EarnedLine::Kind::kElement:
      sentence = ElementSentence(line, explanation, exact);
      break;
    case EarnedLine::Kind::kForfeited:
      sentence = explanation.steps(0).text();
      break;
    case EarnedLine::Kind::kRestated:
      sentence =
          absl::StrCat("the cancellation of deal ", line.deal_id, " on ", line.date.ToString(),
                       " changes what was earned from ", LineAmountText(line, line.before), " to ",
                       LineAmountText(line, line.to_date), " = ",
                       LineAmountText(line, line.to_date - line.before));
      break;
    case EarnedLine::Kind::kReversed:
      sentence = absl::StrCat("takes back ", RateText(line.part), " of ",
                              LineAmountText(line, line.attributed), " that deal ", line.deal_id,
                              " had earned, cancelled on ", line.date.ToString(), " = ",
                              LineAmountText(line, line.to_date));
      break;
    case EarnedLine::Kind::kBudget:
      sentence = absl::StrCat("the plan's budget is shared in proportion to what was earned = ",
                              LineAmountText(line, line.to_date));
      break;
  }
  if (line.group != nullptr) {
    absl::StrAppend(&sentence, RewardText(line.group->component->reward));
  }
  if (line.over_plan_cap != 0) {
    absl::StrAppend(&sentence, ", less ", LineAmountText(line, line.over_plan_cap),
                    " above the plan's cap = ", LineAmountText(line, line.amount));
  }
  return sentence;
}

void AddPosition(uint64_t position, v1::Explanation* explanation) {
  const auto& known = explanation->positions();
  if (std::find(known.begin(), known.end(), position) == known.end()) {
    explanation->add_positions(position);
  }
}

void AddReferencePositions(const Evaluator& evaluator, const Group& group, const EarnedLine& line,
                           v1::Explanation* explanation) {
  AddPosition(group.version->position, explanation);
  const ParticipantState* state =
      evaluator.reference().org->StateOn(group.participant, line.days.last);
  if (state != nullptr) AddPosition(state->position, explanation);
  const Assignment* assignment = group.history->AssignmentOn(group.participant, line.days.last);
  if (assignment != nullptr) AddPosition(assignment->position, explanation);
  const auto add_target = [&](const Gauge& gauge) {
    if (!gauge.target.has_value()) return;
    for (uint64_t position : gauge.target->positions) AddPosition(position, explanation);
  };
  add_target(group.own);
  if (group.by.has_value()) add_target(*group.by);
  for (const Gauge& gate : group.gates) add_target(gate);
  for (const Gauge& multiplier : group.multipliers) add_target(multiplier);
  if (group.goal.has_value()) AddPosition(group.goal->position, explanation);
  for (uint64_t position : group.target_incentive.positions) AddPosition(position, explanation);
  if (group.own.taken == nullptr) return;
  for (const Contribution& fact : group.own.taken->facts) {
    if (fact.position != 0 && fact.date <= line.days.last) AddPosition(fact.position, explanation);
  }
}

std::string MeasureAtText(const Group& group, Date day) {
  const std::optional<Rational> value = ValueAt(*group.own.taken, {day}, group.currency());
  if (day < group.measured.first) return "0";
  if (!value.has_value()) return "undefined";
  return MeasureNumber(*value, *group.own.taken->measure, group.currency());
}

void AddMeasure(const Group& group, const EarnedLine& line, v1::Explanation* explanation) {
  if (group.own.taken == nullptr) return;
  const Measure& measure = *group.component->measure;
  explanation->set_measure(MeasureText(measure));
  explanation->set_measure_to_date(MeasureAtText(group, line.days.last));
  explanation->set_measure_before(MeasureAtText(group, line.days.first - 1));
  if (!group.own.has_target) return;
  if (!group.own.target.has_value()) {
    explanation->set_target("undefined");
    return;
  }
  explanation->set_target(MeasureNumber(group.own.target->value, measure, group.currency()));
  const std::optional<Rational> attainment =
      AttainmentAt(group.own, {line.days.last}, group.currency());
  if (attainment.has_value()) explanation->set_attainment(attainment->ToString());
}

void AddConversion(const Deal& deal, const Evaluator& evaluator, const Group& group,
                   v1::Explanation* explanation) {
  const Currency to = group.currency();
  const absl::StatusOr<Currency> from = Currency::Parse(deal.currency);
  if (!from.ok() || *from == to) return;
  for (const Base& base :
       BasesUnder(deal, group.terms.trigger, group.terms.clawback, std::nullopt).bases) {
    const Date day = group.terms.RateDay(base.date);
    const absl::StatusOr<Rational> factor = MinorUnitFactor(evaluator.reference(), *from, to, day);
    if (!factor.ok()) continue;
    const Rational rate = *factor * Rational::Of(from->minor_per_major(), to.minor_per_major());
    explanation->add_conversions(absl::StrCat(
        deal.currency, " ", FormatAmount(base.change, *from), " × ", rate.ToText(9), " = ",
        to.code(), " ", MinorText(Rational(base.change) * *factor, to), " on ", day.ToString()));
  }
}

void AddAttributions(const Evaluator& evaluator, const LineAttribution& attribution,
                     v1::Explanation* explanation) {
  const Group& group = *attribution.group;
  for (const DealAmount& part : attribution.deals) {
    v1::Attribution* to = explanation->add_attributions();
    to->set_deal_id(part.deal->deal_id);
    to->set_minor_units(part.amount);
    if (group.component->measure.has_value() && group.component->measure->is_money()) {
      to->set_credit_minor_units(part.credit.Round(group.rounding()).value_or(0));
    }
    std::set<uint64_t> positions(part.deal->positions.begin(), part.deal->positions.end());
    if (part.deal->split_position != 0) positions.insert(part.deal->split_position);
    for (uint64_t position : positions) to->add_positions(position);
    AddConversion(*part.deal, evaluator, group, explanation);
  }
}

void AddProration(const Group& group, v1::Explanation* explanation) {
  const auto add = [&](absl::string_view what, const Scaling& scaling) {
    if (scaling.factor == Rational(1)) return;
    explanation->add_prorations(absl::StrCat(what, " × ", scaling.factor.ToString()));
  };
  add("targets", group.targets);
  add("amounts", group.amounts);
  add("band edges", group.edges);
}

void SetReward(const EarnedLine& line, v1::Line* proto) {
  const Reward& reward = line.group->component->reward;
  v1::RewardUnits* units = proto->mutable_reward();
  units->set_units(line.amount);
  units->set_name(reward.name);
  switch (reward.kind) {
    case Reward::Kind::kPoints:
      units->set_kind(v1::RewardUnits::POINTS);
      break;
    case Reward::Kind::kBadge:
      units->set_kind(v1::RewardUnits::BADGE);
      break;
    default:
      units->set_kind(v1::RewardUnits::ITEM);
      break;
  }
  if (!reward.fair_value.has_value()) return;
  const Currency currency = line.program().currency;
  const absl::StatusOr<int64_t> value =
      (*reward.fair_value * Rational(currency.minor_per_major())).Round(line.program().rounding);
  units->mutable_fair_value()->set_currency(std::string(currency.code()));
  units->mutable_fair_value()->set_minor_units(value.value_or(0));
}

}  // namespace

v1::Line LineProto(const Evaluator& evaluator, const EarnedLine& line) {
  const Reference& reference = evaluator.reference();
  const Calendar calendar = reference.calendar();
  v1::Line proto;
  proto.set_line_id(line.line_id);
  proto.set_participant_id(reference.org->Id(line.participant));
  proto.set_plan_id(line.program().plan_id);
  proto.set_component_id(line.component_id);
  proto.set_measurement_period(calendar.Label(line.period));
  proto.set_element(line.element);
  proto.set_payout_period(calendar.Label(line.payout_period));
  proto.set_date(line.date.ToString());
  proto.set_plan_version(line.version->version);
  const bool running = line.group != nullptr && line.group->component->running;
  proto.set_evaluation(running ? "RUNNING" : "PERIOD_END");
  if (line.is_money()) {
    proto.mutable_amount()->set_currency(std::string(line.program().currency.code()));
    proto.mutable_amount()->set_minor_units(line.amount);
  } else {
    SetReward(line, &proto);
  }
  return proto;
}

absl::StatusOr<v1::Explanation> ExplainEarnedLine(Evaluator* evaluator, const EarnedLine& line) {
  ASSIGN_OR_RETURN(const LineAttribution attribution, AttributeLine(evaluator, line));
  v1::Explanation explanation;
  std::optional<Rational> exact;
  explanation.set_rounding(line.program().rounding == Rounding::kHalfUp ? "HALF_UP" : "HALF_EVEN");
  explanation.set_amount_to_date_minor_units(line.to_date);
  explanation.set_amount_before_minor_units(line.before);
  explanation.set_unattributed_minor_units(attribution.unattributed);
  if (attribution.group == nullptr) {
    AddPosition(line.version->position, &explanation);
  } else {
    const Group& group = *attribution.group;
    AddMeasure(group, line, &explanation);
    ASSIGN_OR_RETURN(exact, AddStep(group, line, &explanation));
    if (!group.target_incentive.value.is_zero()) {
      explanation.set_target_incentive(
          (group.target_incentive.value / Rational(group.currency().minor_per_major())).ToString());
    }
    AddProration(group, &explanation);
    AddAttributions(*evaluator, attribution, &explanation);
    AddReferencePositions(*evaluator, group, line, &explanation);
    if (line.position != 0) AddPosition(line.position, &explanation);
  }
  explanation.set_sentence(Sentence(line, explanation, exact));
  return explanation;
}

}  // namespace payfold
