// Forecasts: what the open pipeline would add to earnings.
//
// A scenario is the facts with some open deals booked. Each is evaluated as the facts
// are; a forecast is the difference of the sums.
//
// Source: specification, calculation 13.

#include <algorithm>
#include <list>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/queries.h"
#include "projections/statements/exceptions.h"
#include "projections/statements/lookup.h"
#include "projections/statements/pipeline.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

constexpr int kMaxDealsAsked = 20;
constexpr size_t kMaxListed = 10'000;

// Facts, and the evaluation of them.
struct Scenario {
  explicit Scenario(FactsView with) : view(std::move(with)), evaluator(view) {}

  FactsView view;
  Evaluator evaluator;
};

// What is earned in a scenario, by currency and then component (plan, component).
using ComponentKey = std::pair<std::string, std::string>;
using Earned = std::map<std::string, std::map<ComponentKey, int64_t>>;

class Forecaster {
 public:
  Forecaster(const FactsView& view, const Period& period) : period_(period) {
    scenarios_.emplace_back(view);
  }

  absl::Status AddScenario(const std::vector<HypotheticalBooking>& bookings) {
    ASSIGN_OR_RETURN(FactsView booked, WithBookings(base().view, bookings));
    scenarios_.emplace_back(std::move(booked));
    return absl::OkStatus();
  }

  // The facts alone, then with the whole pipeline, weighted and whole, then with each
  // deal that was asked for.
  Scenario& base() { return scenarios_.front(); }
  Scenario& best_case() { return *std::next(scenarios_.begin(), 2); }

  absl::Status AddForecasts(uint32_t participant, bool only_if_any,
                            const std::vector<OpenDeal>& asked,
                            std::vector<v1::Forecast>* forecasts) {
    std::vector<Earned> earned;
    std::map<std::string, std::set<ComponentKey>> keys;
    for (Scenario& scenario : scenarios_) {
      ASSIGN_OR_RETURN(Earned sums, EarnedIn(&scenario.evaluator, participant));
      for (const auto& [currency, components] : sums) {
        for (const auto& [key, amount] : components) keys[currency].insert(key);
      }
      earned.push_back(std::move(sums));
    }
    const Reference& reference = base().view.reference();
    if (keys.empty() && !only_if_any) keys[reference.configuration->base_currency];
    for (const auto& [currency, components] : keys) {
      v1::Forecast forecast;
      forecast.set_participant_id(reference.org->Id(participant));
      forecast.set_currency(currency);
      for (const OpenDeal& deal : asked) forecast.add_if_closes()->set_deal_id(deal.deal_id);
      for (const ComponentKey& key : components) {
        RETURN_IF_ERROR(AddComponent(key, &earned, &forecast));
      }
      forecasts->push_back(std::move(forecast));
    }
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<Earned> EarnedIn(Evaluator* evaluator, uint32_t participant) {
    Earned earned;
    ASSIGN_OR_RETURN(const std::vector<EarnedLine> lines,
                     LinesDatedIn(evaluator, participant, period_));
    for (const EarnedLine& line : lines) {
      if (!line.is_money()) continue;
      const ComponentKey key = {line.program().plan_id, line.component_id};
      RETURN_IF_ERROR(
          AddMinorUnits(line.amount, &earned[std::string(line.program().currency.code())][key]));
      names_[key] = line.group == nullptr ? "Budget" : line.group->component->display_name;
    }
    return earned;
  }

  absl::Status AddComponent(const ComponentKey& key, std::vector<Earned>* earned,
                            v1::Forecast* forecast) {
    std::vector<int64_t> sums;
    for (Earned& scenario : *earned) {
      int64_t sum = scenario[forecast->currency()][key];
      if (!sums.empty()) RETURN_IF_ERROR(AddMinorUnits(-sums.front(), &sum));
      sums.push_back(sum);
    }
    v1::ForecastComponent* component = forecast->add_components();
    component->set_plan_id(key.first);
    component->set_component_id(key.second);
    component->set_display_name(names_[key]);
    component->set_earned_minor_units(sums[0]);
    component->set_expected_minor_units(sums[1]);
    component->set_best_case_minor_units(sums[2]);
    forecast->set_earned_minor_units(forecast->earned_minor_units() + sums[0]);
    forecast->set_expected_minor_units(forecast->expected_minor_units() + sums[1]);
    forecast->set_best_case_minor_units(forecast->best_case_minor_units() + sums[2]);
    for (size_t i = 3; i < sums.size(); ++i) {
      v1::IfDealCloses* total = forecast->mutable_if_closes(static_cast<int>(i) - 3);
      total->set_adds_minor_units(total->adds_minor_units() + sums[i]);
      v1::IfDealCloses* part = component->add_if_closes();
      part->set_deal_id(total->deal_id());
      part->set_adds_minor_units(sums[i]);
    }
    return absl::OkStatus();
  }

  Period period_;
  std::list<Scenario> scenarios_;  // they do not move: evaluators refer to their views
  std::map<ComponentKey, std::string> names_;
};

absl::StatusOr<std::vector<OpenDeal>> FindDeals(const FactsView& view,
                                                const v1::ForecastEarningsRequest& request) {
  if (request.deal_ids_size() > kMaxDealsAsked) {
    return absl::InvalidArgumentError(absl::StrCat("deal_ids: ", request.deal_ids_size(),
                                                   " deals; ask for at most ", kMaxDealsAsked));
  }
  std::vector<OpenDeal> deals;
  std::set<std::string> seen;
  for (const std::string& deal_id : request.deal_ids()) {
    if (!seen.insert(deal_id).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("deal_ids: ", Quote(deal_id), " stands twice; name each deal once"));
    }
    ASSIGN_OR_RETURN(OpenDeal deal, FindOpenDeal(view, deal_id));
    deals.push_back(std::move(deal));
  }
  return deals;
}

// Deals that count in a measure of the participant by the period's end.
absl::StatusOr<std::set<std::string>> DealsThatCount(Evaluator* evaluator, uint32_t participant,
                                                     const Period& period) {
  std::set<std::string> deals;
  const auto add = [&](const std::shared_ptr<const Taken>& taken) {
    if (taken == nullptr) return;
    for (const Contribution* fact : NumberedDeals(*taken)) {
      if (fact->date <= period.last()) deals.insert(fact->deal->deal_id);
    }
  };
  const auto add_group = [&](const GroupQuery& asked) -> absl::Status {
    GroupQuery query = asked;
    query.with_deals = true;
    ASSIGN_OR_RETURN(const std::shared_ptr<const Group> group, evaluator->GroupOf(query));
    add(group->own.taken);
    if (group->goal.has_value()) add(group->goal->gauge.taken);
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(VisitGroups(evaluator, participant, period, add_group));
  return deals;
}

void AddDeal(const OpenDeal& deal, v1::ForecastEarningsResponse* response) {
  response->set_deal_count(response->deal_count() + 1);
  if (response->deals_size() >= static_cast<int>(kMaxListed)) return;
  v1::ForecastDeal* listed = response->add_deals();
  listed->set_deal_id(deal.deal_id);
  listed->set_position(deal.position);
  listed->set_expected_on(deal.expected_on.ToString());
  listed->mutable_amount()->set_currency(deal.currency);
  listed->mutable_amount()->set_minor_units(deal.amount);
  if (deal.probability.has_value()) listed->set_probability(deal.probability->ToString());
  listed->mutable_expected()->set_currency(deal.currency);
  listed->mutable_expected()->set_minor_units(deal.expected);
}

// What the best case lacks, for which it may be less than it could.
void AddNotes(const Evaluator& best_case, v1::ForecastEarningsResponse* response) {
  std::set<std::string> notes;
  for (const v1::Exception& exception : best_case.exceptions()) {
    const std::string text = TextOf(exception);
    const bool is_new = notes.insert(text).second;
    if (is_new && notes.size() <= kMaxListed) response->add_notes(text);
  }
}

}  // namespace

absl::StatusOr<v1::ForecastEarningsResponse> ForecastEarnings(
    const FactsView& view, const v1::ForecastEarningsRequest& request) {
  const std::string& participant_id = request.participant_id();
  ASSIGN_OR_RETURN(const std::vector<uint32_t> participants,
                   SelectParticipants(view, participant_id));
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(view, request.period()));
  ASSIGN_OR_RETURN(const std::vector<OpenDeal> asked, FindDeals(view, request));
  const uint32_t named = participant_id.empty() ? kNobody : participants.front();
  ASSIGN_OR_RETURN(Pipeline pipeline, ReadPipeline(view, named));
  std::vector<HypotheticalBooking> weighted, whole;
  for (const OpenDeal& deal : pipeline.deals) {
    weighted.push_back({deal.stream, deal.expected});
    whole.push_back({deal.stream, deal.amount});
  }
  Forecaster forecaster(view, period);
  RETURN_IF_ERROR(forecaster.AddScenario(weighted));
  RETURN_IF_ERROR(forecaster.AddScenario(whole));
  for (const OpenDeal& deal : asked) {
    RETURN_IF_ERROR(forecaster.AddScenario({{deal.stream, deal.amount}}));
  }
  std::vector<v1::Forecast> forecasts;
  for (uint32_t participant : participants) {
    RETURN_IF_ERROR(
        forecaster.AddForecasts(participant, participant_id.empty(), asked, &forecasts));
  }
  v1::ForecastEarningsResponse response;
  AddNotes(forecaster.best_case().evaluator, &response);
  response.mutable_forecasts()->Assign(forecasts.begin(), forecasts.end());
  std::set<std::string> counting;
  if (named != kNobody) {
    ASSIGN_OR_RETURN(counting, DealsThatCount(&forecaster.best_case().evaluator, named, period));
  }
  for (const OpenDeal& deal : pipeline.deals) {
    const bool counts = named == kNobody || counting.count(deal.deal_id) != 0;
    if (deal.expected_on <= period.last() && counts) AddDeal(deal, &response);
  }
  response.set_left_out_count(static_cast<int64_t>(pipeline.lacks.size()));
  if (pipeline.lacks.size() > kMaxListed) pipeline.lacks.resize(kMaxListed);
  response.mutable_left_out()->Assign(pipeline.lacks.begin(), pipeline.lacks.end());
  return response;
}

}  // namespace payfold
