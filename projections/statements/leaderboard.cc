// The leaderboard: who credited, sold, earned or reached most in a period.

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/element_text.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/membership.h"
#include "projections/queries.h"
#include "projections/statements/lookup.h"
#include "projections/statements/settlement_sum.h"

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

// Sums of lines dated in the period.
struct Earned {
  std::map<std::string, int64_t> money;  // by currency
  int64_t points = 0;
};

absl::StatusOr<Earned> EarnedIn(Evaluator* evaluator, uint32_t participant, const Period& period) {
  Earned earned;
  ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines,
                   LinesDatedIn(evaluator, participant, period));
  for (const EarnedLine& line : lines) {
    if (line.is_money()) {
      RETURN_IF_ERROR(
          AddMinorUnits(line.amount, &earned.money[std::string(line.program().currency.code())]));
    } else if (line.group->component->reward.kind == Reward::Kind::kPoints) {
      RETURN_IF_ERROR(AddMinorUnits(line.amount, &earned.points));
    }
  }
  return earned;
}

// A component to rank by, in the version last in force in the period.
struct RankedComponent {
  const PlanHistory* history = nullptr;
  VersionRun run;
  const Component* component = nullptr;
  Period period = Period::Window(Date(), Date());  // measurement period
};

bool RanksByComponent(const v1::GetLeaderboardRequest& request) {
  return request.by() == v1::GetLeaderboardRequest::MEASURE ||
         request.by() == v1::GetLeaderboardRequest::ATTAINMENT;
}

// The last of the measurement periods that ends in the period, else the last.
Period MeasuredIn(const std::vector<Period>& measured, const Period& period) {
  for (auto at = measured.rbegin(); at != measured.rend(); ++at) {
    if (period.Contains(at->last())) return *at;
  }
  return measured.back();
}

absl::StatusOr<RankedComponent> FindComponent(const Evaluator& evaluator,
                                              const v1::GetLeaderboardRequest& request,
                                              const Period& period) {
  if (request.plan_id().empty() || request.component_id().empty()) {
    return absl::InvalidArgumentError(
        "plan_id, component_id: ranks by measure or attainment need both; `plan show` lists a "
        "plan's components");
  }
  const auto plan = evaluator.view().reference().plans->find(request.plan_id());
  if (plan != evaluator.view().reference().plans->end()) {
    const std::vector<VersionRun>& runs = plan->second.runs();
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
      const Days days = Days{run->first, run->last} & Days{period.first(), period.last()};
      if (days.empty()) continue;
      for (const Component& component : run->version->program.components) {
        if (component.component_id != request.component_id() || !component.measure.has_value()) {
          continue;
        }
        const std::vector<Period> measured = evaluator.MeasurementPeriods(component, days);
        if (measured.empty()) continue;
        return RankedComponent{&plan->second, *run, &component, MeasuredIn(measured, period)};
      }
    }
  }
  return absl::NotFoundError(absl::StrCat("no component ", Quote(request.component_id()),
                                          " of plan ", Quote(request.plan_id()),
                                          " measures anything in ", Quote(request.period()),
                                          "; `plan show` lists a plan's components"));
}

// A row with what it is ranked by.
struct RankedRow {
  v1::LeaderboardRow row;
  Rational value;
};

// Equals share the better rank; each currency is ranked by itself.
std::vector<v1::LeaderboardRow> InOrderOfRank(std::vector<RankedRow> rows) {
  std::sort(rows.begin(), rows.end(), [](const RankedRow& a, const RankedRow& b) {
    return std::tie(a.row.currency(), b.value, a.row.participant_id()) <
           std::tie(b.row.currency(), a.value, b.row.participant_id());
  });
  std::vector<v1::LeaderboardRow> ranked;
  int place = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const bool same_currency = i > 0 && rows[i - 1].row.currency() == rows[i].row.currency();
    place = same_currency ? place + 1 : 1;
    const bool equal = same_currency && rows[i - 1].value == rows[i].value;
    rows[i].row.set_rank(equal ? ranked.back().rank() : place);
    ranked.push_back(rows[i].row);
  }
  return ranked;
}

class Board {
 public:
  Board(const FactsView& view, const v1::GetLeaderboardRequest& request, const Period& period)
      : evaluator_(view), request_(request), period_(period) {}

  absl::Status Prepare() {
    if (RanksByComponent(request_)) {
      ASSIGN_OR_RETURN(component_, FindComponent(evaluator_, request_, period_));
    } else if (!request_.plan_id().empty() || !request_.component_id().empty()) {
      return absl::InvalidArgumentError(
          "plan_id, component_id: only ranks by measure or attainment take them; leave them out");
    }
    if (request_.manager_id().empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(const uint32_t manager, FindParticipant(view(), request_.manager_id()));
    for (const auto& [member, days] :
         MembersOf(*view().reference().org, manager, Scope::kReports)) {
      if (days.Contains(period_.last())) reports_.insert(member);
    }
    return absl::OkStatus();
  }

  absl::Status Add(uint32_t participant) {
    const ParticipantState* state = view().reference().org->StateOn(participant, period_.last());
    v1::LeaderboardRow row;
    row.set_participant_id(view().reference().org->Id(participant));
    if (state != nullptr) row.set_team(state->team);
    const std::string territory = state == nullptr ? "" : state->territory;
    if ((!request_.team().empty() && request_.team() != row.team()) ||
        (!request_.territory().empty() && request_.territory() != territory) ||
        (!request_.manager_id().empty() && reports_.count(participant) == 0)) {
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(AddCredits(view(), participant, period_, &row));
    ASSIGN_OR_RETURN(Earned earned, EarnedIn(&evaluator_, participant, period_));
    const std::string& base = view().reference().configuration->base_currency;
    row.set_currency(base);
    row.set_points(earned.points);
    row.set_earned_minor_units(earned.money[base]);
    if (component_.has_value()) return AddMeasured(participant, earned, std::move(row));
    if (request_.by() == v1::GetLeaderboardRequest::EARNED) AddOtherCurrencies(earned, row);
    const Rational value(ValueOf(row));
    rows_.push_back({std::move(row), value});
    return absl::OkStatus();
  }

  std::vector<v1::LeaderboardRow> Rows() && { return InOrderOfRank(std::move(rows_)); }

 private:
  const FactsView& view() const { return evaluator_.view(); }

  int64_t ValueOf(const v1::LeaderboardRow& row) const {
    switch (request_.by()) {
      case v1::GetLeaderboardRequest::EARNED:
        return row.earned_minor_units();
      case v1::GetLeaderboardRequest::DEALS:
        return row.deals();
      case v1::GetLeaderboardRequest::POINTS:
        return row.points();
      default:
        return row.credited_minor_units();
    }
  }

  // Earnings in currencies beside the base currency have rows of their own.
  void AddOtherCurrencies(const Earned& earned, const v1::LeaderboardRow& row) {
    for (const auto& [currency, amount] : earned.money) {
      if (currency == row.currency()) continue;
      v1::LeaderboardRow other;
      other.set_participant_id(row.participant_id());
      other.set_team(row.team());
      other.set_currency(currency);
      other.set_earned_minor_units(amount);
      rows_.push_back({std::move(other), Rational(amount)});
    }
  }

  absl::Status AddMeasured(uint32_t participant, const Earned& earned, v1::LeaderboardRow row) {
    const GroupQuery query{participant, component_->history, component_->run, component_->component,
                           component_->period};
    if (!evaluator_.InPlan(participant, *component_->history)->Overlaps(query.segment())) {
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const std::shared_ptr<const Group> group, evaluator_.GroupOf(query));
    const Currency currency = group->currency();
    const Cut end{group->period.last()};
    const std::optional<Rational> measure = ValueAt(*group->own.taken, end, currency);
    const std::optional<Rational> attainment = AttainmentAt(group->own, end, currency);
    const bool by_attainment = request_.by() == v1::GetLeaderboardRequest::ATTAINMENT;
    const std::optional<Rational>& value = by_attainment ? attainment : measure;
    if (!value.has_value()) return absl::OkStatus();
    row.set_measure(MeasureNumber(*measure, *component_->component->measure, currency));
    if (attainment.has_value()) row.set_attainment_percent(AttainmentText(*attainment));
    row.set_measurement_period(view().reference().calendar().Label(group->period));
    const auto in_currency = earned.money.find(std::string(currency.code()));
    if (currency.code() != row.currency()) {
      // Credits are told in the base currency alone.
      row.set_credited_minor_units(0);
      row.set_currency(std::string(currency.code()));
      row.set_earned_minor_units(in_currency == earned.money.end() ? 0 : in_currency->second);
    }
    rows_.push_back({std::move(row), *value});
    return absl::OkStatus();
  }

  Evaluator evaluator_;
  const v1::GetLeaderboardRequest& request_;
  Period period_;
  std::optional<RankedComponent> component_;
  std::set<uint32_t> reports_;
  std::vector<RankedRow> rows_;
};

}  // namespace

absl::StatusOr<std::vector<v1::LeaderboardRow>> GetLeaderboard(
    const FactsView& view, const v1::GetLeaderboardRequest& request) {
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(view, request.period()));
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants, SelectParticipants(view, ""));
  if (request.limit() < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("limit: ", request.limit(), " is negative; 0 lists everybody"));
  }
  Board board(view, request, period);
  RETURN_IF_ERROR(board.Prepare());
  for (uint32_t participant : participants) RETURN_IF_ERROR(board.Add(participant));
  std::vector<v1::LeaderboardRow> rows = std::move(board).Rows();
  if (request.limit() > 0 && rows.size() > static_cast<size_t>(request.limit())) {
    rows.resize(static_cast<size_t>(request.limit()));
  }
  return rows;
}

}  // namespace payfold
