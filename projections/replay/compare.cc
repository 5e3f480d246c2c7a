#include "projections/replay/compare.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "ledger/base/status_macros.h"
#include "projections/replay/totals.h"

namespace payfold {
namespace {

// What a row is about. Labels of payout periods of one ledger sort as the periods do,
// but for their weeks and windows, whose order does not matter here.
using RowKey =
    std::tuple<std::string, std::string, std::string, std::string, std::string, int, std::string>;

RowKey KeyOf(const v1::Difference& row) {
  return {row.participant_id(), row.period(),        row.plan_id(),      row.component_id(),
          row.currency(),       row.reward().kind(), row.reward().name()};
}

// How large a row is, where the largest come first.
uint64_t Size(const v1::Difference& row, v1::DifferenceOrder order) {
  // Differences as numbers from 0 up, in their order.
  const uint64_t rising = static_cast<uint64_t>(row.difference()) ^ (uint64_t{1} << 63);
  switch (order) {
    case v1::GAIN_FIRST:
      return rising;
    case v1::LOSS_FIRST:
      return ~rising;
    default:
      return row.difference() < 0 ? 0 - static_cast<uint64_t>(row.difference())
                                  : static_cast<uint64_t>(row.difference());
  }
}

}  // namespace

absl::StatusOr<std::vector<v1::Difference>> CompareRows(const std::vector<v1::Difference>& a,
                                                        const std::vector<v1::Difference>& b) {
  struct Sides {
    const v1::Difference* a = nullptr;
    const v1::Difference* b = nullptr;
  };
  std::map<RowKey, Sides> all;
  for (const v1::Difference& row : a) all[KeyOf(row)].a = &row;
  for (const v1::Difference& row : b) all[KeyOf(row)].b = &row;
  std::vector<v1::Difference> rows;
  for (const auto& [key, sides] : all) {
    v1::Difference row = sides.a != nullptr ? *sides.a : *sides.b;
    row.set_before(sides.a != nullptr ? sides.a->after() : sides.b->before());
    row.set_after(sides.b != nullptr ? sides.b->after() : sides.a->before());
    int64_t difference = 0;
    if (__builtin_sub_overflow(row.after(), row.before(), &difference)) {
      return absl::OutOfRangeError("a difference does not fit in 64 bits");
    }
    row.set_difference(difference);
    if (difference != 0) rows.push_back(std::move(row));
  }
  return rows;
}

absl::StatusOr<std::vector<v1::ReplayTotal>> TotalsOf(const std::vector<v1::Difference>& rows,
                                                      uint64_t participants) {
  DifferenceTotals totals;
  for (size_t i = 0; i < rows.size(); ++i) {
    const v1::Difference& row = rows[i];
    if (!row.currency().empty()) {
      RETURN_IF_ERROR(totals.Add(row.currency(), row.before(), row.after()));
    }
    if (i + 1 == rows.size() || rows[i + 1].participant_id() != row.participant_id()) {
      totals.EndParticipant();
    }
  }
  return totals.Finish(participants);
}

void Filter(const v1::DifferenceFilter& filter, std::vector<v1::Difference>* rows) {
  const auto matches = [](const std::string& wanted, const std::string& is) {
    return wanted.empty() || wanted == is;
  };
  std::erase_if(*rows, [&](const v1::Difference& row) {
    return !matches(filter.participant_id(), row.participant_id()) ||
           !matches(filter.period(), row.period()) || !matches(filter.plan_id(), row.plan_id()) ||
           !matches(filter.component_id(), row.component_id());
  });
}

void Order(v1::DifferenceOrder order, std::vector<v1::Difference>* rows) {
  if (order == v1::DIFFERENCE_ORDER_UNSPECIFIED) return;
  std::stable_sort(rows->begin(), rows->end(),
                   [order](const v1::Difference& a, const v1::Difference& b) {
                     if (a.currency().empty() != b.currency().empty()) return b.currency().empty();
                     return Size(a, order) > Size(b, order);
                   });
}

}  // namespace payfold
