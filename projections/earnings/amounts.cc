#include "projections/earnings/amounts.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "ledger/base/status_macros.h"
#include "ledger/plan/modifiers.h"
#include "projections/earnings/elements.h"

namespace payfold {
namespace {

bool GateHolds(const Group& group, const Gate& gate, const Gauge& gauge, const Cut& cut) {
  const Currency currency = group.currency();
  if (gate.on_attainment) {
    const std::optional<Rational> value = MeasureAt(gauge, cut, currency);
    if (!value.has_value()) return false;
    // Of a target that is 0 or undefined the attainment is 0.
    return Holds(gate.compare, AttainmentAt(gauge, cut, currency).value_or(0), gate.bound);
  }
  const std::optional<Rational> value = MeasureAt(gauge, cut, currency);
  if (!value.has_value()) return false;
  if (!gate.target.has_value()) return Holds(gate.compare, *value, gate.bound);
  if (!gauge.target.has_value()) return false;
  const Rational target = InPlanUnit(gauge.target->value, *gauge.taken->measure, currency);
  return Holds(gate.compare, *value, gate.bound * target);
}

Rational MultipleOf(const Multiplier& multiplier, const Gauge& gauge, const Cut& cut,
                    Currency currency) {
  if (!MeasureAt(gauge, cut, currency).has_value()) return 1;
  const std::optional<Rational> x = gauge.has_target
                                        ? AttainmentAt(gauge, cut, currency).value_or(0)
                                        : MeasureAt(gauge, cut, currency);
  return MultipleAt(multiplier.bands, *x);
}

bool IsDefined(const Group& group, const Cut& cut) {
  const bool pays_goal =
      group.component->payout.kind == Payout::Kind::kGoals && group.goal.has_value();
  const Gauge& paid = pays_goal ? group.goal->gauge : group.own;
  return paid.taken == nullptr || ValueAt(*paid.taken, cut, group.currency()).has_value();
}

// Whether nothing but its own deals changes what the group pays from day to day.
bool DependsOnOwnDealsAlone(const Group& group) {
  const Component& component = *group.component;
  const auto other = [](const auto& gauged) {
    return gauged.measure.has_value() ||
           (gauged.target.has_value() && gauged.target->kind == Target::Kind::kPopulation);
  };
  const Payout::Kind kind = component.payout.kind;
  const bool pays_on_own = kind == Payout::Kind::kRate || kind == Payout::Kind::kPerUnit ||
                           kind == Payout::Kind::kCurve || kind == Payout::Kind::kPerDeal ||
                           (kind == Payout::Kind::kBands && !group.by.has_value());
  return pays_on_own && component.measure->kind == Measure::Kind::kDeals &&
         std::none_of(component.gates.begin(), component.gates.end(), other) &&
         std::none_of(component.multipliers.begin(), component.multipliers.end(), other);
}

absl::StatusOr<int64_t> InUnits(const Group& group, const Rational& amount) {
  return (amount * Rational(group.minor_per_unit())).Round(group.rounding());
}

// Where an element stands: what is none of the payout's after what is, by number
// where it has one or two.
struct Place {
  size_t group = 0;
  int first = 0, second = 0;
  absl::string_view name;

  auto key() const { return std::tie(group, first, second, name); }
};

Place PlaceOf(absl::string_view element) {
  constexpr absl::string_view kLast[] = {"floor",    "carry",    "excess",
                                         "restated", "reversed", "forfeited"};
  for (size_t i = 0; i < std::size(kLast); ++i) {
    if (element == kLast[i]) return {i + 1, 0, 0, ""};
  }
  Place place;
  for (const absl::string_view kind : {"band", "award", "cell"}) {
    absl::string_view numbers = element;
    if (!absl::ConsumePrefix(&numbers, kind)) continue;
    const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(numbers, '.');
    if (!absl::SimpleAtoi(parts.first, &place.first)) break;
    if (!parts.second.empty() && !absl::SimpleAtoi(parts.second, &place.second)) break;
    return place;
  }
  return {0, 0, 0, element};
}

// The amounts as they are before the cap.
absl::StatusOr<Amounts> BeforeCap(const Group& group, const Cut& cut) {
  Amounts amounts;
  if (cut.day < group.measured.first || !IsReached(group, cut.day)) return amounts;
  const Modification modification = ModificationAt(group, cut);
  if (!modification.stopped && IsDefined(group, cut)) {
    ASSIGN_OR_RETURN(const std::vector<Element> elements, ElementsAt(group, cut));
    for (const Element& element : elements) {
      ASSIGN_OR_RETURN(const int64_t amount, InUnits(group, element.amount * modification.factor));
      amounts.elements.push_back({element.name, amount});
    }
    if (group.component->floor.has_value()) {
      ASSIGN_OR_RETURN(const int64_t floor, InUnits(group, *group.component->floor));
      const int64_t total = amounts.total();
      if (total < floor) amounts.elements.push_back({"floor", floor - total});
    }
  }
  if (group.carried_in != 0) amounts.elements.push_back({"carry", group.carried_in});
  return amounts;
}

// Takes `excess` away, the last elements first.
void TakeAway(int64_t excess, Amounts* amounts) {
  amounts->cut += excess;
  for (auto element = amounts->elements.rbegin(); element != amounts->elements.rend() && excess > 0;
       ++element) {
    const int64_t taken = std::clamp<int64_t>(element->amount, 0, excess);
    element->amount -= taken;
    excess -= taken;
  }
}

absl::Status PayExcess(const Group& group, int64_t excess, Amounts* amounts) {
  const Cap& cap = *group.component->cap;
  if (cap.excess != Cap::Excess::kRate || excess == 0) return absl::OkStatus();
  ASSIGN_OR_RETURN(const int64_t paid, (Rational(excess) * cap.rate).Round(group.rounding()));
  amounts->elements.push_back({"excess", paid});
  return absl::OkStatus();
}

// What the deals' credits add, in order, deal by deal, above the cap of each.
absl::StatusOr<int64_t> ExcessOfDeals(const Group& group, const Cut& cut, int64_t cap) {
  std::map<std::string, int64_t> deals;
  ASSIGN_OR_RETURN(const Amounts without, BeforeCap(group, {cut.day, 0}));
  int64_t before = without.total();
  for (const Contribution* fact : NumberedDeals(*group.own.taken)) {
    if (cut.day < fact->date || cut.order < fact->order) break;
    ASSIGN_OR_RETURN(const Amounts with, BeforeCap(group, {cut.day, fact->order}));
    deals[fact->deal->deal_id] += with.total() - before;
    before = with.total();
  }
  int64_t excess = 0;
  for (const auto& [deal_id, amount] : deals) excess += std::max<int64_t>(amount - cap, 0);
  return excess;
}

}  // namespace

absl::StatusOr<int64_t> InMinorUnits(const Rational& major, const Program& program) {
  return (major * Rational(program.currency.minor_per_major())).Round(program.rounding);
}

bool ComesBefore(absl::string_view a, absl::string_view b) {
  const Place place_a = PlaceOf(a);
  const Place place_b = PlaceOf(b);
  return place_a.key() < place_b.key();
}

int64_t Amounts::total() const {
  int64_t sum = 0;
  for (const ElementAmount& element : elements) sum += element.amount;
  return sum;
}

int64_t Amounts::of(const std::string& name) const {
  for (const ElementAmount& element : elements) {
    if (element.name == name) return element.amount;
  }
  return 0;
}

Modification ModificationAt(const Group& group, const Cut& cut) {
  Modification result;
  const Component& component = *group.component;
  for (size_t i = 0; i < component.gates.size(); ++i) {
    Rational multiple = 1;
    if (!GateHolds(group, component.gates[i], group.gates[i], cut)) {
      multiple = component.gates[i].otherwise.value_or(0);
      result.stopped = result.stopped || !component.gates[i].otherwise.has_value();
    }
    result.factor *= multiple;
    result.gate_multiples.push_back(multiple);
  }
  for (size_t i = 0; i < component.multipliers.size(); ++i) {
    const Rational multiple =
        MultipleOf(component.multipliers[i], group.multipliers[i], cut, group.currency());
    result.factor *= multiple;
    result.multiples.push_back(multiple);
  }
  return result;
}

absl::StatusOr<int64_t> CapOf(const Group& group) {
  const Cap& cap = *group.component->cap;
  if (cap.amount.has_value()) return InUnits(group, *cap.amount);
  const Rational per_major(group.currency().minor_per_major());
  return InUnits(group, group.target_incentive.value / per_major * cap.multiple);
}

absl::StatusOr<Amounts> AmountsAt(const Group& group, const Cut& cut) {
  ASSIGN_OR_RETURN(Amounts amounts, BeforeCap(group, cut));
  if (!group.component->cap.has_value()) return amounts;
  ASSIGN_OR_RETURN(const int64_t cap, CapOf(group));
  int64_t excess = amounts.total() - cap;
  if (group.component->cap->per_deal) {
    if (group.own.taken == nullptr) return amounts;
    ASSIGN_OR_RETURN(excess, ExcessOfDeals(group, cut, cap));
  }
  if (excess <= 0) return amounts;
  TakeAway(excess, &amounts);
  RETURN_IF_ERROR(PayExcess(group, excess, &amounts));
  return amounts;
}

absl::StatusOr<std::vector<DealAmount>> AmountsByDeal(const Group& group,
                                                      const std::string& element, Date after,
                                                      Date day) {
  std::vector<DealAmount> deals;
  if (group.own.taken == nullptr) return deals;
  std::map<std::string, size_t> places;
  std::set<const Deal*> touched;
  // The line, had the deals come up to `order`.
  const auto amount_at = [&](uint32_t order) -> absl::StatusOr<int64_t> {
    ASSIGN_OR_RETURN(const Amounts amounts, AmountsAt(group, {day, order}));
    ASSIGN_OR_RETURN(const Amounts eve, AmountsAt(group, {after, order}));
    return element.empty() ? amounts.total() - eve.total() : amounts.of(element) - eve.of(element);
  };
  const bool skips = DependsOnOwnDealsAlone(group);
  std::optional<int64_t> before;
  uint32_t last_before = 0;
  for (const Contribution* fact : NumberedDeals(*group.own.taken)) {
    if (day < fact->date) break;
    const auto [at, added] = places.try_emplace(fact->deal->deal_id, deals.size());
    if (added) deals.push_back({fact->deal, 0, 0});
    if (skips && fact->date <= after) {
      last_before = fact->order;
      continue;
    }
    touched.insert(fact->deal.get());
    if (!before.has_value()) {
      ASSIGN_OR_RETURN(before, amount_at(last_before));
    }
    ASSIGN_OR_RETURN(const int64_t with, amount_at(fact->order));
    deals[at->second].amount += with - *before;
    deals[at->second].credit += fact->value;
    before = with;
  }
  std::erase_if(deals, [&](const DealAmount& deal) { return touched.count(deal.deal.get()) == 0; });
  return deals;
}

}  // namespace payfold
