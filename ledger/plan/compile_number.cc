// Numbers of a plan: rates, amounts, edges, and tables of them.

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/lookup.h"

namespace payfold {
namespace {

void WarnNegative(const Rational& value, const std::string& text, const std::string& path,
                  Findings* findings) {
  if (value.sign() >= 0) return;
  findings->Warning(path, absl::StrCat(text, " is negative: it takes money from who sells"));
}

// A lower bound in whole months, written in one way only.
void CheckTenureKey(const std::string& key, const std::string& path, Findings* findings) {
  int months = 0;
  if (key == kAnyKey) return;
  if (absl::SimpleAtoi(key, &months) && months >= 0 && absl::StrCat(months) == key) return;
  findings->Error(path, absl::StrCat(Quote(key),
                                     " is not a number of whole months: of tenure_months a key is "
                                     "a lower bound, as in 0, 6 or 24, or *"));
}

}  // namespace

Unit UnitOf(const Measure& measure) {
  if (measure.is_money()) return Unit::kMoney;
  switch (measure.kind) {
    case Measure::Kind::kRatio:
    case Measure::Kind::kGrowth:
    case Measure::Kind::kAttribute:
      return Unit::kRatio;
    case Measure::Kind::kPeriods:
      return measure.share ? Unit::kRatio : Unit::kCount;
    case Measure::Kind::kMetric: {
      const bool is_value = measure.aggregate != Aggregate::kCount &&
                            measure.aggregate != Aggregate::kCountDistinct &&
                            measure.aggregate != Aggregate::kNps;
      return is_value ? Unit::kRatio : Unit::kCount;
    }
    case Measure::Kind::kSum: {
      const bool has_ratio =
          std::any_of(measure.parts.begin(), measure.parts.end(),
                      [](const Measure& part) { return UnitOf(part) == Unit::kRatio; });
      return has_ratio ? Unit::kRatio : Unit::kCount;
    }
    case Measure::Kind::kDeals:
    case Measure::Kind::kEarnings:
      return Unit::kCount;
  }
  return Unit::kCount;
}

std::optional<Rational> ReadEdge(const std::string& text, bool has_target, const Measure* measure,
                                 const std::string& path, Compilation* c) {
  const bool may_be_percent = has_target || measure == nullptr || UnitOf(*measure) == Unit::kRatio;
  if (may_be_percent) return c->findings.ReadShare(text, path);
  if (!absl::EndsWith(text, "%")) return c->findings.ReadDecimal(text, path);
  const absl::string_view unit =
      measure->is_money() ? "an amount in major units" : "a plain number";
  c->findings.Error(path, absl::StrCat(Quote(text), " is a percentage, but what is measured is ",
                                       unit, ": write one, or hold it to a `target`"));
  return std::nullopt;
}

Rational CompileRate(const std::string& text, const std::string& path, Findings* findings) {
  const std::optional<Rational> rate = findings->ReadShare(text, path);
  if (!rate.has_value()) return 0;
  WarnNegative(*rate, text, path, findings);
  if (*rate > Rational(1) && !absl::EndsWith(text, "%")) {
    findings->Warning(path, absl::StrCat("a rate of ", text, " is ", (*rate * 100).ToText(9),
                                         "%: write \"", text, "%\" if that is meant"));
  }
  return *rate;
}

Rational CompileMoney(const std::string& text, const std::string& path, Findings* findings) {
  const std::optional<Rational> amount = findings->ReadDecimal(text, path);
  if (!amount.has_value()) return 0;
  WarnNegative(*amount, text, path, findings);
  return *amount;
}

Rational CompileMultiple(const std::string& text, const std::string& path, Findings* findings) {
  const std::optional<Rational> multiple = findings->ReadShare(text, path);
  if (!multiple.has_value()) return 0;
  WarnNegative(*multiple, text, path, findings);
  return *multiple;
}

LookupTable CompileTable(const std::string& by,
                         const google::protobuf::Map<std::string, std::string>& table,
                         const NumberReader& read, const std::string& path, Findings* findings) {
  LookupTable result;
  result.by = by;
  // In the order of the keys, whatever the map's.
  const std::map<std::string, std::string> entries(table.begin(), table.end());
  for (const auto& [key, text] : entries) {
    const std::string here = Entry(path, key);
    if (by == kTenureMonths) CheckTenureKey(key, here, findings);
    result.values[key] = read(text, here);
  }
  return result;
}

LookupTable CompileRateBy(const google::protobuf::Map<std::string, v1::RateTable>& rate_by,
                          const NumberReader& read, const std::string& path, Findings* findings) {
  if (rate_by.size() != 1) {
    findings->Error(path, absl::StrCat("names ", rate_by.size(),
                                       " attributes: a rate is looked up by exactly one"));
  }
  // The first by name, whatever the map's order.
  const std::map<std::string, v1::RateTable> tables(rate_by.begin(), rate_by.end());
  const auto& [by, rates] = *tables.begin();
  const std::string here = Entry(path, by);
  if (by.empty()) findings->Error(here, "has no name: name the attribute");
  if (rates.rates().empty()) findings->Error(here, "is empty: give a rate for at least one value");
  return CompileTable(by, rates.rates(), read, Child(here, "rates"), findings);
}

bool IsOfParticipant(const std::string& by) {
  return by == kTenureMonths || by == "role" || by == "team";
}

}  // namespace payfold
