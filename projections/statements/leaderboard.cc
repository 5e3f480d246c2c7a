// The leaderboard: who credited, sold or earned most in a period.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"

namespace payfold {
namespace {

// A credit in the ledger's base currency. Errors: kNotFound without a rate.
absl::StatusOr<int64_t> InBaseCurrency(const Reference& reference, const Credit& credit) {
  ASSIGN_OR_RETURN(const Currency base, Currency::Parse(reference.configuration->base_currency));
  ASSIGN_OR_RETURN(const Currency own,
                   Currency::Parse(absl::string_view(credit.currency, sizeof(credit.currency))));
  if (own == base) return credit.amount;
  ASSIGN_OR_RETURN(const Rational factor, MinorUnitFactor(reference, own, base, credit.date));
  return (Rational(credit.amount) * factor).Round(Rounding::kHalfUp);
}

absl::Status AddCredits(const FactsView& view, uint32_t participant, const Period& period,
                        v1::LeaderboardRow* row) {
  ASSIGN_OR_RETURN(const std::vector<Credit> credits,
                   view.GetCredits(participant, period.first(), period.last()));
  std::set<uint32_t> deals;
  for (const Credit& credit : credits) {
    if (!credit.is_booking()) continue;
    const absl::StatusOr<int64_t> amount = InBaseCurrency(view.reference(), credit);
    // Without a rate a credit counts 0 here, as it does in plans, where it is listed.
    if (!amount.ok() && !absl::IsNotFound(amount.status())) return amount.status();
    row->set_credited_minor_units(row->credited_minor_units() + amount.value_or(0));
    if (credit.kind == Base::Kind::kBooked) deals.insert(credit.deal);
  }
  row->set_deals(static_cast<int64_t>(deals.size()));
  return absl::OkStatus();
}

// Money lines dated in the period, by currency.
absl::StatusOr<std::map<std::string, int64_t>> Earned(Evaluator* evaluator, uint32_t participant,
                                                      const Period& period) {
  std::map<std::string, int64_t> earned;
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines,
                   LinesDatedIn(evaluator, participant, period));
  for (const EarnedLine& line : lines) {
    if (line.is_money()) earned[std::string(line.program().currency.code())] += line.amount;
  }
  return earned;
}

int64_t ValueBy(v1::GetLeaderboardRequest::By by, const v1::LeaderboardRow& row) {
  switch (by) {
    case v1::GetLeaderboardRequest::EARNED:
      return row.earned_minor_units();
    case v1::GetLeaderboardRequest::DEALS:
      return row.deals();
    default:
      return row.credited_minor_units();
  }
}

// Equals share the better rank; each currency is ranked by itself.
void RankRows(v1::GetLeaderboardRequest::By by, std::vector<v1::LeaderboardRow>* rows) {
  std::sort(rows->begin(), rows->end(),
            [by](const v1::LeaderboardRow& a, const v1::LeaderboardRow& b) {
              const int64_t value_a = -ValueBy(by, a);
              const int64_t value_b = -ValueBy(by, b);
              return std::tie(a.currency(), value_a, a.participant_id()) <
                     std::tie(b.currency(), value_b, b.participant_id());
            });
  int place = 0;
  for (size_t i = 0; i < rows->size(); ++i) {
    v1::LeaderboardRow& row = (*rows)[i];
    const bool same_currency = i > 0 && (*rows)[i - 1].currency() == row.currency();
    place = same_currency ? place + 1 : 1;
    const bool equal = same_currency && ValueBy(by, (*rows)[i - 1]) == ValueBy(by, row);
    row.set_rank(equal ? (*rows)[i - 1].rank() : place);
  }
}

// Rows of one participant: in the base currency, and by earnings in others too.
absl::Status AddRows(Evaluator* evaluator, uint32_t participant, const Period& period,
                     v1::GetLeaderboardRequest::By by, const std::string& team,
                     std::vector<v1::LeaderboardRow>* rows) {
  const Reference& reference = evaluator->view().reference();
  const std::string& base = reference.configuration->base_currency;
  v1::LeaderboardRow row;
  row.set_participant_id(reference.org->Id(participant));
  row.set_team(team);
  row.set_currency(base);
  RETURN_IF_ERROR(AddCredits(evaluator->view(), participant, period, &row));
  ASSIGN_OR_RETURN(auto earned, Earned(evaluator, participant, period));
  row.set_earned_minor_units(earned[base]);
  for (const auto& [currency, amount] : earned) {
    if (currency == base || by != v1::GetLeaderboardRequest::EARNED) continue;
    v1::LeaderboardRow other;
    other.set_participant_id(row.participant_id());
    other.set_team(team);
    other.set_currency(currency);
    other.set_earned_minor_units(amount);
    rows->push_back(std::move(other));
  }
  rows->push_back(std::move(row));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::LeaderboardRow>> GetLeaderboard(const FactsView& view,
                                                               absl::string_view period_label,
                                                               v1::GetLeaderboardRequest::By by,
                                                               absl::string_view team, int limit) {
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(view, period_label));
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants, SelectParticipants(view, ""));
  if (limit < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("limit: ", limit, " is negative; 0 lists everybody"));
  }
  Evaluator evaluator(view);
  std::vector<v1::LeaderboardRow> rows;
  for (uint32_t participant : participants) {
    const ParticipantState* state = view.reference().org->StateOn(participant, period.last());
    const std::string own_team = state == nullptr ? "" : state->team;
    if (!team.empty() && own_team != team) continue;
    RETURN_IF_ERROR(AddRows(&evaluator, participant, period, by, own_team, &rows));
  }
  RankRows(by, &rows);
  if (limit > 0 && rows.size() > static_cast<size_t>(limit)) {
    rows.resize(static_cast<size_t>(limit));
  }
  return rows;
}

}  // namespace payfold
