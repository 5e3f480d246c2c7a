// Payouts of every kind but for the shapes of bands, curves and matrices.

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"

namespace payfold {
namespace {

bool NeedsMeasure(const v1::Payout& payout) {
  switch (payout.kind_case()) {
    case v1::Payout::kRate:
    case v1::Payout::kPerUnit:
    case v1::Payout::kBands:
    case v1::Payout::kCurve:
    case v1::Payout::kPerDeal:
    case v1::Payout::kRank:
      return true;
    case v1::Payout::kPool:
      return payout.pool().has_rate() || payout.pool().share() == v1::Pool::BY_MEASURE ||
             payout.pool().scale() == v1::Pool::ATTAINMENT;
    default:
      return false;
  }
}

// True if every part is made of single credits, so that each can have its own rate.
bool HasCredits(const Measure& measure) {
  if (measure.kind == Measure::Kind::kSum) {
    return std::all_of(measure.parts.begin(), measure.parts.end(), HasCredits);
  }
  return measure.kind == Measure::Kind::kDeals && measure.value != DealValue::kCountDistinct;
}

LookupTable CompilePayoutRateBy(const v1::Payout& payout, const std::string& path, Compilation* c) {
  const auto read = [&](const std::string& text, const std::string& here) {
    return payout.has_rate() ? CompileRate(text, here, &c->findings)
                             : CompileMoney(text, here, &c->findings);
  };
  LookupTable table = CompileRateBy(payout.rate_by(), read, path, &c->findings);
  const std::optional<Measure>& measure = c->so_far->measure;
  if (!IsOfParticipant(table.by) && measure.has_value() && !HasCredits(*measure)) {
    c->findings.Error(Entry(path, table.by),
                      absl::StrCat(Quote(table.by),
                                   " is looked up in each deal credited, and the measure is not "
                                   "made of credits: measure `deals`, or look up by "
                                   "tenure_months, role or team"));
  }
  return table;
}

// Errors where per_deal does not suit the measure.
void CheckPerDealMeasure(Compilation* c, const std::string& path) {
  const std::optional<Measure>& measure = c->so_far->measure;
  if (!measure.has_value()) return;
  if (measure->kind != Measure::Kind::kDeals) {
    c->findings.Error(Child(path, "measure"),
                      "does not go with per_deal, which pays on the credit of each deal: use "
                      "{deals: {value: AMOUNT}}");
    return;
  }
  if (measure->value != DealValue::kAmount) {
    const auto value = c->source().measure().deals().value();
    c->findings.Error(Child(path, "measure.deals.value"),
                      absl::StrCat(v1::DealMeasure::Value_Name(value),
                                   " does not go with per_deal, which pays on the credit of each "
                                   "deal: use AMOUNT"));
  }
  if (measure->scope != Scope::kOwn) {
    const bool inner = c->source().measure().scope() != v1::SCOPE_UNSPECIFIED;
    c->findings.Error(Child(path, inner ? "measure.scope" : "scope"),
                      "per_deal pays on the participant's own credit: use OWN");
  }
}

PerDeal CompilePerDeal(const v1::PerDeal& per_deal, const std::string& path, Compilation* c) {
  PerDeal result;
  switch (per_deal.kind_case()) {
    case v1::PerDeal::kRate:
      result.rate = CompileRate(per_deal.rate(), Child(path, "rate"), &c->findings);
      break;
    case v1::PerDeal::kBands:
      result.bands = CompileBands(per_deal.bands(), true, Child(path, "bands"), c);
      break;
    case v1::PerDeal::KIND_NOT_SET:
      c->findings.Error(path, "says not what a deal pays: give `rate` or `bands`");
      break;
  }
  if (!per_deal.min_amount().empty()) {
    result.min_amount = c->findings.ReadAmount(per_deal.min_amount(), Child(path, "min_amount"));
  }
  if (!per_deal.cap().empty()) {
    const std::string here = Child(path, "cap");
    result.cap = c->findings.ReadDecimal(per_deal.cap(), here);
    if (result.cap.has_value() && result.cap->sign() <= 0) {
      c->findings.Error(here, absl::StrCat(per_deal.cap(), " is not above 0"));
    }
  }
  return result;
}

Rank CompileRank(const v1::Rank& rank, const std::string& path, Compilation* c) {
  Rank result;
  result.population = CompileScope(rank.population(), Scope::kCompany);
  if (result.population == Scope::kOwn) {
    c->findings.Warning(Child(path, "population"),
                        "OWN ranks everybody among themselves alone, so all are first: name TEAM, "
                        "TERRITORY, REPORTS or COMPANY");
  }
  const std::string list = Child(path, "awards");
  if (rank.awards().empty()) {
    c->findings.Error(list, "is empty: give the awards, best rank first, as in [500, 300, 200]");
  }
  for (int i = 0; i < rank.awards_size(); ++i) {
    const std::string here = Element(list, i);
    const Rational award = CompileMoney(rank.awards(i), here, &c->findings);
    if (!result.awards.empty() && award > result.awards.back()) {
      c->findings.Warning(here, absl::StrCat(rank.awards(i), " is more than the better rank's ",
                                             rank.awards(i - 1)));
    }
    result.awards.push_back(award);
  }
  return result;
}

// A target that a whole group can have: one number, its quota, its past.
bool SuitsGroup(const Target& target, Scope scope) {
  switch (target.kind) {
    case Target::Kind::kFixed:
      if (!target.table.has_value()) return true;
      return (target.table->by == "team" && scope == Scope::kTeam) ||
             (target.table->by == "territory" && scope == Scope::kTerritory);
    case Target::Kind::kQuota:
    case Target::Kind::kPrevious:
      return true;
    case Target::Kind::kPopulation:
    case Target::Kind::kGoal:
      return false;
  }
  return false;
}

void CheckScale(const std::string& path, Compilation* c) {
  const std::optional<Target>& target = c->so_far->target;
  if (!c->source().has_target()) {
    c->findings.Error(path,
                      "ATTAINMENT is measure / target, and the component has no target: add "
                      "`target`, as in target: {quota: {metric: bookings}}");
  } else if (target.has_value() && !SuitsGroup(*target, c->so_far->scope)) {
    c->findings.Error(path,
                      "is by the attainment of the whole group, and the target is a single "
                      "participant's: use a quota, a fixed number or the previous period");
  }
}

Pool CompilePool(const v1::Pool& pool, const std::string& path, Compilation* c) {
  Pool result;
  if (pool.has_amount()) {
    result.amount = c->findings.ReadAmount(pool.amount(), Child(path, "amount")).value_or(0);
  } else if (pool.has_rate()) {
    result.rate = CompileRate(pool.rate(), Child(path, "rate"), &c->findings);
  } else {
    c->findings.Error(path, "says not how much there is to share: give `amount` or `rate`");
  }
  result.scaled = pool.scale() == v1::Pool::ATTAINMENT;
  if (result.scaled) CheckScale(Child(path, "scale"), c);
  if (pool.share() == v1::Pool::BY_MEASURE) result.share = Pool::Share::kByMeasure;
  if (pool.share() == v1::Pool::BY_TARGET_INCENTIVE) result.share = Pool::Share::kByTargetIncentive;
  if (pool.share() == v1::Pool::BY_ATTRIBUTE) result.share = Pool::Share::kByAttribute;
  result.attribute = pool.attribute();
  const bool by_attribute = result.share == Pool::Share::kByAttribute;
  if (by_attribute && pool.attribute().empty()) {
    c->findings.Error(Child(path, "attribute"),
                      "is required by BY_ATTRIBUTE: name what weighs, as in BY_ATTRIBUTE(level)");
  } else if (!by_attribute && !pool.attribute().empty()) {
    c->findings.Error(Child(path, "attribute"), "is for share BY_ATTRIBUTE only: remove it");
  }
  if (c->so_far->scope == Scope::kReportsAndSelf) {
    c->findings.Error(path,
                      "belongs to one group, and with scope REPORTS_AND_SELF a manager would be in "
                      "two: use TEAM, TERRITORY, REPORTS or COMPANY");
  }
  c->seen.outer_scope = true;
  return result;
}

Payout CompileSimple(const v1::Payout& payout, const std::string& path, Compilation* c) {
  Payout result;
  if (payout.has_rate()) {
    result.kind = Payout::Kind::kRate;
    result.value = CompileRate(payout.rate(), Child(path, "rate"), &c->findings);
  } else if (payout.has_per_unit()) {
    result.kind = Payout::Kind::kPerUnit;
    result.value = CompileMoney(payout.per_unit(), Child(path, "per_unit"), &c->findings);
  } else {
    result.kind = Payout::Kind::kFixed;
    result.value = CompileMoney(payout.fixed(), Child(path, "fixed"), &c->findings);
    c->seen.fixed = true;
  }
  return result;
}

// What is paid without a payout: one of a reward, else it is a mistake.
Payout CompileDefault(const std::string& path, Compilation* c) {
  Payout result;
  const v1::Reward& reward = c->source().reward();
  if (reward.has_points() || reward.has_badge() || reward.has_item()) {
    result.value = 1;
    c->seen.fixed = true;
    return result;
  }
  c->findings.Error(path,
                    "is required: give one of rate, per_unit, fixed, bands, curve, matrix, "
                    "per_deal, rank, pool, goals");
  return result;
}

Payout CompileKindOfPayout(const v1::Payout& payout, const std::string& here, Compilation* c) {
  Payout result;
  switch (payout.kind_case()) {
    case v1::Payout::kRate:
    case v1::Payout::kPerUnit:
    case v1::Payout::kFixed:
      return CompileSimple(payout, here, c);
    case v1::Payout::kBands:
      result.kind = Payout::Kind::kBands;
      result.bands = CompileBands(payout.bands(), false, Child(here, "bands"), c);
      break;
    case v1::Payout::kCurve:
      result.kind = Payout::Kind::kCurve;
      result.curve = CompileCurve(payout.curve(), Child(here, "curve"), c);
      break;
    case v1::Payout::kMatrix:
      result.kind = Payout::Kind::kMatrix;
      result.matrix = CompileMatrix(payout.matrix(), Child(here, "matrix"), c);
      break;
    case v1::Payout::kPerDeal:
      result.kind = Payout::Kind::kPerDeal;
      result.per_deal = CompilePerDeal(payout.per_deal(), Child(here, "per_deal"), c);
      break;
    case v1::Payout::kRank:
      result.kind = Payout::Kind::kRank;
      result.rank = CompileRank(payout.rank(), Child(here, "rank"), c);
      break;
    case v1::Payout::kPool:
      result.kind = Payout::Kind::kPool;
      result.pool = CompilePool(payout.pool(), Child(here, "pool"), c);
      break;
    case v1::Payout::kGoals:
      result.kind = Payout::Kind::kGoals;
      c->seen.fixed = true;
      if (c->source().goals().empty()) {
        c->findings.Error(Child(here, "goals"),
                          "pays the chosen goal, and the component has no `goals`: add some");
      }
      break;
    case v1::Payout::KIND_NOT_SET:
      return CompileDefault(here, c);
  }
  return result;
}

}  // namespace

Payout CompilePayout(const std::string& path, Compilation* c) {
  const v1::Payout& payout = c->source().payout();
  const std::string here = Child(path, "payout");
  if (NeedsMeasure(payout) && !c->source().has_measure()) {
    c->findings.Error(Child(path, "measure"),
                      "is required by this payout: add it, as in {deals: {value: AMOUNT}}");
  }
  Payout result = CompileKindOfPayout(payout, here, c);
  if (result.kind == Payout::Kind::kPerDeal) CheckPerDealMeasure(c, path);
  if (payout.rate_by().empty()) return result;
  const std::string rate_by = Child(here, "rate_by");
  if (payout.has_rate() || payout.has_per_unit()) {
    result.rate_by = CompilePayoutRateBy(payout, rate_by, c);
  } else {
    c->findings.Error(rate_by, "is for payout `rate` or `per_unit`, the rate of others: add one");
  }
  return result;
}

bool PaysTargetIncentive(const Payout& payout) {
  switch (payout.kind) {
    case Payout::Kind::kCurve:
      return true;
    case Payout::Kind::kBands:
      return std::any_of(payout.bands.bands.begin(), payout.bands.bands.end(),
                         [](const Band& band) { return band.pay == Band::Pay::kMultiple; });
    case Payout::Kind::kMatrix:
      return std::any_of(payout.matrix.cells.begin(), payout.matrix.cells.end(),
                         [](const auto& row) {
                           return std::any_of(row.begin(), row.end(), [](const Matrix::Cell& cell) {
                             return cell.pay == Matrix::Cell::Pay::kMultiple;
                           });
                         });
    default:
      return false;
  }
}

}  // namespace payfold
