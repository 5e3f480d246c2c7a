// From groups to lines.
//
// Source: specification, calculation 8.

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/earnings/membership.h"

namespace payfold {
namespace {

// Groups whose lines an evaluator keeps; beyond, it starts anew.
constexpr size_t kMaxGroups = 20'000;

// Whether a cancellation in those days takes from what the payout is made of.
bool TakesBack(const Group& group, Days days) {
  const auto takes = [&](const Gauge* gauge) {
    return gauge != nullptr && gauge->taken != nullptr &&
           HasCancellation(*gauge->taken, days.first, days.last);
  };
  const auto of = [](const auto& gauge) { return gauge.has_value() ? &*gauge : nullptr; };
  const bool pays_goal =
      group.component->payout.kind == Payout::Kind::kGoals && group.goal.has_value();
  return takes(pays_goal ? &group.goal->gauge : &group.own) || takes(of(group.by)) ||
         takes(of(group.rows)) || takes(of(group.columns));
}

// The measures that TakesBack() may look at.
std::vector<const Measure*> MeasuresOfPayout(const Component& component) {
  const Payout& payout = component.payout;
  std::vector<const Measure*> measures;
  if (component.measure.has_value()) measures.push_back(&*component.measure);
  if (payout.bands.by_measure.has_value()) measures.push_back(&*payout.bands.by_measure);
  if (payout.kind == Payout::Kind::kMatrix) {
    measures.push_back(&payout.matrix.rows.measure);
    measures.push_back(&payout.matrix.columns.measure);
  }
  for (const Goal& goal : component.goals) measures.push_back(&goal.measure);
  return measures;
}

struct Change {
  int64_t to_date = 0, before = 0;
};

// Both amounts of each element, in order.
std::vector<std::pair<std::string, Change>> ChangesOf(const Amounts& to_date,
                                                      const Amounts& before) {
  std::vector<std::pair<std::string, Change>> changes;
  for (const ElementAmount& element : to_date.elements) {
    changes.push_back({element.name, {element.amount, before.of(element.name)}});
  }
  for (const ElementAmount& element : before.elements) {
    const bool known = std::any_of(to_date.elements.begin(), to_date.elements.end(),
                                   [&](const ElementAmount& e) { return e.name == element.name; });
    if (!known) changes.push_back({element.name, {0, element.amount}});
  }
  std::sort(changes.begin(), changes.end(),
            [](const auto& a, const auto& b) { return ComesBefore(a.first, b.first); });
  return changes;
}

}  // namespace

EarnedLine Evaluator::StartLine(const GroupQuery& query, std::shared_ptr<const Group> group,
                                std::string element, Date date) const {
  const Calendar calendar = reference().calendar();
  EarnedLine line;
  line.participant = query.participant;
  line.version = query.run.version;
  line.group = std::move(group);
  line.component_id = query.component->component_id;
  line.period = query.period;
  line.element = std::move(element);
  line.payout_period = reference().PayoutPeriodOf(date);
  line.date = date;
  line.line_id =
      absl::StrCat(reference().org->Id(query.participant), "/", query.run.version->program.plan_id,
                   "/", line.component_id, "/", calendar.Label(query.period), "/", line.element,
                   "/", calendar.Label(line.payout_period));
  return line;
}

absl::Status Evaluator::AddPaidLines(const GroupQuery& query,
                                     const std::shared_ptr<const Group>& group, Days paid,
                                     Date date, Lines* lines) {
  ASSIGN_OR_RETURN(const Amounts to_date, AmountsAt(*group, {paid.last}));
  ASSIGN_OR_RETURN(const Amounts before, AmountsAt(*group, {paid.first - 1}));
  const Days segment = query.segment();
  Amounts start;
  if (group->leaver) {
    ASSIGN_OR_RETURN(start, AmountsAt(*group, {segment.first - 1}));
  }
  // The first day that such a line could pay for; a version that begins later says
  // so in its lines' ids.
  const Days could =
      Days{query.period.first(), query.period.last()} &
      (query.component->running ? Days{reference().PayoutPeriodOf(date).first(), date}
                                : Days{query.period.first(), query.period.last()});
  const bool late = could.first < segment.first;
  const auto finish = [&](Change change, EarnedLine line) {
    line.days = paid;
    line.to_date = change.to_date;
    line.before = change.before;
    if (late) absl::StrAppend(&line.line_id, "@", segment.first.ToString());
    lines->push_back(std::move(line));
  };
  for (auto& [element, change] : ChangesOf(to_date, before)) {
    if (group->leaver) {
      const int64_t at_start = start.of(element);
      change.to_date = std::min<int64_t>(change.to_date - at_start, 0);
      change.before = std::min<int64_t>(change.before - at_start, 0);
    }
    if (change.to_date == change.before) continue;
    EarnedLine line = StartLine(query, group, element, date);
    line.amount = change.to_date - change.before;
    finish(change, std::move(line));
  }
  const bool forfeits =
      query.component->cap.has_value() && query.component->cap->excess == Cap::Excess::kForfeit;
  if (forfeits && to_date.cut != before.cut) {
    EarnedLine line = StartLine(query, group, "forfeited", date);
    line.kind = EarnedLine::Kind::kForfeited;
    finish({to_date.cut, before.cut}, std::move(line));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Evaluator::HasLateCancellation(const GroupQuery& query) {
  const Component& component = *query.component;
  if (component.clawback.mode != Clawback::Mode::kNet) return false;
  const DaySet& in_plan = *InPlan(query.participant, *query.history);
  const Days days = query.segment();
  if (!in_plan.LastBefore(days.first).has_value()) return false;
  for (const Measure* measure : MeasuresOfPayout(component)) {
    const std::shared_ptr<const Members> members =
        MembersInScope(query.participant, WidestScope(*measure));
    for (const auto& [member, membership] : *members) {
      ASSIGN_OR_RETURN(const std::vector<Credit> credits,
                       view_.GetCredits(member, days.first, days.last));
      for (const Credit& credit : credits) {
        // Of invoices and payments only the deal can tell the first.
        const bool may_count =
            component.trigger != Trigger::kBooked || in_plan.Contains(credit.first_base);
        if (credit.kind == Base::Kind::kCancelled && may_count) {
          return true;
        }
      }
    }
  }
  return false;
}

absl::Status Evaluator::AddOrdinaryLines(const GroupQuery& query, Lines* lines) {
  const Days segment = query.segment();
  const bool leaver = !InPlan(query.participant, *query.history)->Overlaps(segment);
  if (leaver) {
    ASSIGN_OR_RETURN(const bool cancelled, HasLateCancellation(query));
    if (!cancelled) return absl::OkStatus();
  }
  GroupQuery asked = query;
  if (IsAfterFacts(query)) asked.restated_to = EveryCancellation();
  ASSIGN_OR_RETURN(const std::shared_ptr<Group> group, MakeGroup(asked, nullptr));
  group->leaver = leaver;
  if (leaver && !TakesBack(*group, segment)) return absl::OkStatus();
  if (!query.component->running) {
    return AddPaidLines(query, group, segment, query.period.last(), lines);
  }
  for (Date first = segment.first; first <= segment.last;) {
    const Date last = std::min(reference().PayoutPeriodOf(first).last(), segment.last);
    RETURN_IF_ERROR(AddPaidLines(query, group, {first, last}, last, lines));
    first = last + 1;
  }
  return absl::OkStatus();
}

absl::StatusOr<Evaluator::Lines> Evaluator::MakeLines(const GroupQuery& query) {
  Lines lines;
  if (query.segment().empty()) return lines;
  RETURN_IF_ERROR(AddOrdinaryLines(query, &lines));
  RETURN_IF_ERROR(AddTakenBackLines(query, &lines));
  return lines;
}

absl::StatusOr<std::shared_ptr<const Evaluator::Lines>> Evaluator::LinesOfGroup(
    const GroupQuery& query) {
  const LinesKey key(query.participant, query.run.version, query.run.first, query.component,
                     query.period);
  const auto at = lines_.find(key);
  if (at != lines_.end()) return at->second;
  const std::string subject = absl::StrCat(
      reference().org->Id(query.participant), "/", query.run.version->program.plan_id, "/",
      query.component->component_id, "/", reference().calendar().Label(query.period));
  if (!making_.insert(key).second) {
    AddException("CIRCULAR", query.run.version->position, subject,
                 "the amount depends on itself through other plans; the part that does counts 0");
    return std::make_shared<const Lines>();
  }
  absl::StatusOr<Lines> lines = MakeLines(query);
  making_.erase(key);
  if (absl::IsOutOfRange(lines.status())) {
    AddException("OVERFLOW", 0, subject,
                 "an amount does not fit in 64 bits of minor units; the group pays nothing");
    lines = Lines();
  }
  RETURN_IF_ERROR(lines.status());
  auto made = std::make_shared<const Lines>(*std::move(lines));
  if (lines_.size() >= kMaxGroups) lines_.clear();
  lines_.emplace(key, made);
  return made;
}

absl::StatusOr<std::vector<Period>> Evaluator::PeriodsWithLines(const GroupQuery& query,
                                                                Days dated) {
  std::vector<Period> periods = MeasurementPeriods(*query.component, dated);
  if (!query.component->running) {
    std::erase_if(periods, [&](const Period& p) { return !dated.Contains(p.last()); });
  }
  ASSIGN_OR_RETURN(const std::vector<Period> earlier, PeriodsTakenBack(query, dated));
  periods.insert(periods.end(), earlier.begin(), earlier.end());
  std::sort(periods.begin(), periods.end());
  periods.erase(std::unique(periods.begin(), periods.end()), periods.end());
  return periods;
}

absl::Status Evaluator::AddComponentLines(const GroupQuery& query, Days dated, Lines* lines) {
  ASSIGN_OR_RETURN(const std::vector<Period> periods, PeriodsWithLines(query, dated));
  for (const Period& period : periods) {
    GroupQuery group = query;
    group.period = period;
    if (group.segment().empty()) continue;
    ASSIGN_OR_RETURN(const std::shared_ptr<const Lines> of_group, LinesOfGroup(group));
    for (const EarnedLine& line : *of_group) {
      if (dated.Contains(line.date)) lines->push_back(line);
    }
  }
  return absl::OkStatus();
}

}  // namespace payfold
