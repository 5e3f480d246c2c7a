#include "projections/replay/touched.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"

namespace payfold {
namespace {

bool OfOthers(const Measure& measure) {
  return measure.scope != Scope::kOwn ||
         std::any_of(measure.parts.begin(), measure.parts.end(), OfOthers);
}

bool OfOthers(const std::optional<Measure>& measure) {
  return measure.has_value() && OfOthers(*measure);
}

bool OfOthers(const std::optional<Target>& target) {
  return target.has_value() && target->kind == Target::Kind::kPopulation;
}

bool OfOthers(const Bands& bands) {
  return OfOthers(bands.by_measure) || OfOthers(bands.by_target);
}

bool OfOthers(const Payout& payout) {
  switch (payout.kind) {
    case Payout::Kind::kRank:
    case Payout::Kind::kPool:
      return true;
    case Payout::Kind::kMatrix:
      return OfOthers(payout.matrix.rows.measure) || OfOthers(payout.matrix.rows.target) ||
             OfOthers(payout.matrix.columns.measure) || OfOthers(payout.matrix.columns.target);
    case Payout::Kind::kPerDeal:
      return OfOthers(payout.per_deal.bands);
    default:
      return OfOthers(payout.bands);
  }
}

bool OfOthers(const Component& component) {
  const auto any = [](const auto& list) {
    return std::any_of(list.begin(), list.end(), [](const auto& one) {
      return OfOthers(one.measure) || OfOthers(one.target);
    });
  };
  return component.scope != Scope::kOwn || OfOthers(component.measure) ||
         OfOthers(component.target) || OfOthers(component.payout) || any(component.goals) ||
         any(component.gates) || any(component.multipliers);
}

bool IsOfPresent(const std::optional<Target>& target) {
  return target.has_value() && target->kind == Target::Kind::kPopulation && target->current;
}

// Whether a fact can change what is paid for days before it: what a cancellation takes
// back is computed over the whole measurement period, and so is a present statistic.
bool LooksAhead(const Component& component) {
  const auto any = [](const auto& list) {
    return std::any_of(list.begin(), list.end(),
                       [](const auto& one) { return IsOfPresent(one.target); });
  };
  return component.clawback.mode == Clawback::Mode::kRestate ||
         component.clawback.mode == Clawback::Mode::kReverse || IsOfPresent(component.target) ||
         IsOfPresent(component.payout.bands.by_target) || any(component.gates) ||
         any(component.multipliers) || any(component.goals) ||
         IsOfPresent(component.payout.matrix.rows.target) ||
         IsOfPresent(component.payout.matrix.columns.target);
}

// Collects whom the events of one fork touch.
class Finder {
 public:
  explicit Finder(const Fork& fork)
      : fork_(fork),
        before_(fork.base()),
        after_(fork.view()),
        org_(*fork.view().reference().org) {}

  absl::StatusOr<Touched> Find() {
    RETURN_IF_ERROR(AddDeals());
    AddMetrics();
    for (const v1::Event& event : fork_.events()) AddEvent(event);
    // The horizon is everybody's: how far they are evaluated.
    if (before_.Horizon() != after_.Horizon()) AddEverybody(Date::Min());
    if (!touched_.empty()) AddReadersOfOthers();
    if (AnyPlanLooksAhead()) {
      for (auto& [participant, from] : touched_) from = Date::Min();
    }
    return std::move(touched_);
  }

 private:
  void Add(uint32_t participant, Date from) {
    const auto [at, added] = touched_.try_emplace(participant, from);
    if (!added) at->second = std::min(at->second, from);
  }

  void Add(absl::string_view id) {
    if (const std::optional<uint32_t> known = org_.Find(id)) Add(*known, Date::Min());
  }

  void AddEverybody(Date from) {
    for (uint32_t participant = 0; participant < org_.size(); ++participant) {
      Add(participant, from);
    }
  }

  // Who is in a plan, with or without the events.
  void AddPlan(const std::string& plan_id, Date from) {
    for (Evaluator* evaluator : {&before_, &after_}) {
      const PlanBook& plans = *evaluator->reference().plans;
      const auto plan = plans.find(plan_id);
      if (plan == plans.end()) continue;
      for (uint32_t participant = 0; participant < evaluator->reference().org->size();
           ++participant) {
        if (!evaluator->InPlan(participant, plan->second)->empty()) Add(participant, from);
      }
    }
  }

  // Of the deals that changed: from the first day that they state.
  absl::Status AddDeals() {
    Date from = Date::Max();
    for (const auto& [stream, encoded] : fork_.tables().deals()) {
      for (const FactsView* view : {&fork_.base(), &fork_.view()}) {
        ASSIGN_OR_RETURN(const DealFacts facts, view->GetDealFacts(stream));
        for (Date stated : StatedDates(facts)) from = std::min(from, stated);
      }
    }
    for (const auto& [participant, months] : fork_.tables().credits()) {
      // A split policy changes deals whose facts stay as they are.
      Date first = from;
      for (const auto& [month, credits] : months) first = std::min(first, FirstDayOfMonth(month));
      Add(participant, first);
    }
    return absl::OkStatus();
  }

  void AddMetrics() {
    for (const auto& [subject, months] : fork_.tables().metrics()) {
      const Date from = FirstDayOfMonth(months.begin()->first);
      if (subject.participant == kEverybody) {
        AddEverybody(from);
      } else if (subject.participant != kNobody) {
        Add(subject.participant, from);
      }
    }
  }

  void AddEvent(const v1::Event& event) {
    switch (event.payload_case()) {
      case v1::Event::kParticipantChanged:
        return Add(event.participant_changed().participant_id());
      case v1::Event::kPlanAssigned:
        return Add(event.plan_assigned().participant_id());
      case v1::Event::kGoalChosen:
        return Add(event.goal_chosen().participant_id());
      case v1::Event::kOpeningBalance:
        return Add(event.opening_balance().participant_id());
      case v1::Event::kAdjustmentPosted:
        return Add(event.adjustment_posted().participant_id());
      case v1::Event::kPlanPublished:
        return AddPlan(event.plan_published().plan().plan_id(), Date::Min());
      case v1::Event::kPlanRetired:
        return AddPlan(event.plan_retired().plan_id(), Date::Min());
      case v1::Event::kQuotaSet:
        return AddQuota(event.quota_set().subject());
      case v1::Event::kLedgerConfigured:
      case v1::Event::kFxRateSet:
        return AddEverybody(Date::Min());
      case v1::Event::kFactVoided:
        return AddVoid(event.stream());
      default:
        return;  // What its deals and metrics changed is known from them.
    }
  }

  // A participant, a team or everybody.
  void AddQuota(const std::string& subject) {
    if (subject == "*") return AddEverybody(Date::Min());
    Add(subject);
    for (const FactsView* view : {&fork_.base(), &fork_.view()}) {
      const Org& org = *view->reference().org;
      for (uint32_t participant = 0; participant < org.size(); ++participant) {
        const std::vector<ParticipantState>& states = org.States(participant);
        if (std::any_of(states.begin(), states.end(),
                        [&](const ParticipantState& state) { return state.team == subject; })) {
          Add(participant, Date::Min());
        }
      }
    }
  }

  // Of what is no deal and no metric: whatever it was.
  void AddVoid(absl::string_view stream) {
    const absl::string_view kind = stream.substr(0, stream.find('/'));
    if (kind != "deals" && kind != "metrics" && kind != "voids") AddEverybody(Date::Min());
  }

  void AddReadersOfOthers() {
    Date from = Date::Max();
    for (const auto& [participant, first] : touched_) from = std::min(from, first);
    std::set<std::string> plans;
    for (const FactsView* view : {&fork_.base(), &fork_.view()}) {
      for (const auto& [plan_id, history] : *view->reference().plans) {
        const auto& versions = history.versions();
        if (std::any_of(versions.begin(), versions.end(),
                        [](const auto& version) { return ReadsOthers(version->program); })) {
          plans.insert(plan_id);
        }
      }
    }
    for (const std::string& plan_id : plans) AddPlan(plan_id, from);
  }

  bool AnyPlanLooksAhead() const {
    for (const FactsView* view : {&fork_.base(), &fork_.view()}) {
      for (const auto& [plan_id, history] : *view->reference().plans) {
        for (const auto& version : history.versions()) {
          const std::vector<Component>& components = version->program.components;
          if (std::any_of(components.begin(), components.end(), LooksAhead)) return true;
        }
      }
    }
    return false;
  }

  const Fork& fork_;
  Evaluator before_, after_;
  const Org& org_;  // With the events.
  Touched touched_;
};

}  // namespace

bool ReadsOthers(const Program& program) {
  return program.budget.has_value() || program.eligibility.rank_band.has_value() ||
         std::any_of(program.components.begin(), program.components.end(),
                     [](const Component& component) { return OfOthers(component); });
}

absl::StatusOr<Touched> FindTouched(const Fork& fork) { return Finder(fork).Find(); }

}  // namespace payfold
