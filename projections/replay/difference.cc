#include "projections/replay/difference.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/coding.h"
#include "ledger/base/sha256.h"
#include "ledger/base/status_macros.h"
#include "projections/earnings/evaluator.h"
#include "projections/facts/run_parallel.h"
#include "projections/replay/totals.h"
#include "projections/replay/touched.h"
#include "projections/replay/true_ups.h"
#include "projections/statements/settlement_sum.h"

namespace payfold {
namespace {

// Participants that share what is read for them. Never changes with the workers.
constexpr size_t kParticipantsPerTask = 64;

// Who is compared, and from which day on, or with what is kept of them.
struct Compared {
  uint32_t participant = kNobody;
  Date from = Date::Min();
  const KeptParticipant* kept = nullptr;
};

bool IsSame(const std::vector<EarnedLine>& a, const std::vector<EarnedLine>& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const EarnedLine& x, const EarnedLine& y) {
           return x.amount == y.amount && x.line_id == y.line_id;
         });
}

// What the tasks found out; put together in their order.
struct Part {
  std::vector<PaidBy> paid_by;
  std::vector<DifferenceRow> rows;
  std::vector<v1::TrueUp> true_ups;
};

// Compares some participants' pay.
class Comparer {
 public:
  Comparer(const Fork& fork, const ComparedScope& scope, Part* part)
      : before_(fork.base()), after_(fork.view()), scope_(scope), part_(part) {}

  // Somebody whose measures are kept.
  absl::Status CompareKept(const KeptParticipant& person, const RateChange& change,
                           RatePayer* payer) {
    const PublishedVersion* indexed = nullptr;
    for (const KeptMeasure& measure : person.measures) {
      const Period& period = change.plan().periods[measure.period];
      const PublishedVersion& version = *change.after(measure.period);
      if (change.before(measure.period) == &version || !scope_.Holds(period)) continue;
      if (&version != indexed) IndexComponents(version);
      indexed = &version;
      absl::StatusOr<Amounts> pays = payer->Pay(person.participant, measure);
      // A group pays nothing if an amount does not fit.
      if (absl::IsOutOfRange(pays.status())) pays = Amounts();
      ASSIGN_OR_RETURN(const Amounts after, std::move(pays));
      Sides paid;
      RETURN_IF_ERROR(AddUp(measure.paid, &paid.first));
      RETURN_IF_ERROR(AddUp(after, &paid.second));
      if (paid.first == paid.second && !ElementsDiffer(measure.paid, after)) continue;
      part_->rows.push_back(
          {person.participant, period, components_[measure.component], paid.first, paid.second});
    }
    return AddTrueUps(person.participant);
  }

  absl::Status Compare(uint32_t participant, Date from) {
    std::set<Period> periods;
    for (Evaluator* evaluator : {&before_, &after_}) {
      ASSIGN_OR_RETURN(const std::vector<Period> all, evaluator->PayoutPeriodsOf(participant));
      for (const Period& period : all) {
        if (from <= period.last() && scope_.Holds(period)) periods.insert(period);
      }
    }
    for (const Period& period : periods) RETURN_IF_ERROR(ComparePeriod(participant, period));
    return AddTrueUps(participant);
  }

  Evaluator* after() { return &after_; }

 private:
  using Sides = std::pair<int64_t, int64_t>;  // before, after

  absl::Status AddTrueUps(uint32_t participant) {
    ASSIGN_OR_RETURN(const std::vector<v1::TrueUp> true_ups,
                     TrueUpsOf(&before_, &after_, participant));
    for (const v1::TrueUp& true_up : true_ups) {
      ASSIGN_OR_RETURN(const Period origin,
                       after_.reference().calendar().Parse(true_up.origin_period()));
      if (scope_.Holds(origin)) part_->true_ups.push_back(true_up);
    }
    return absl::OkStatus();
  }

  static absl::Status AddUp(const Amounts& amounts, int64_t* sum) {
    for (const ElementAmount& element : amounts.elements) {
      RETURN_IF_ERROR(AddMinorUnits(element.amount, sum));
    }
    return absl::OkStatus();
  }

  // Whether any line would: those of nothing are none.
  static bool ElementsDiffer(const Amounts& before, const Amounts& after) {
    const auto has_all = [](const Amounts& of, const Amounts& in) {
      return std::all_of(of.elements.begin(), of.elements.end(), [&in](const ElementAmount& e) {
        return e.amount == 0 || in.of(e.name) == e.amount;
      });
    };
    return !has_all(before, after) || !has_all(after, before);
  }

  // Fills components_.
  void IndexComponents(const PublishedVersion& version) {
    components_.clear();
    for (const Component& component : version.program.components) {
      components_.push_back(
          IndexOf({version.program.plan_id, component.component_id,
                   std::string(version.program.currency.code()), Reward::Kind::kMoney, ""}));
    }
  }

  uint32_t IndexOf(PaidBy paid_by) {
    const auto [index, is_new] =
        index_.try_emplace(paid_by, static_cast<uint32_t>(part_->paid_by.size()));
    if (is_new) part_->paid_by.push_back(std::move(paid_by));
    return index->second;
  }

  // Whether it is a payout period of that side: the events may change the ledger's.
  static bool IsPaidBy(const Evaluator& evaluator, const Period& period) {
    const Reference& reference = evaluator.reference();
    return reference.configuration.has_value() &&
           reference.PayoutPeriodOf(period.first()) == period;
  }

  absl::Status ComparePeriod(uint32_t participant, const Period& period) {
    std::vector<EarnedLine> before, after;
    if (IsPaidBy(before_, period)) {
      ASSIGN_OR_RETURN(before, before_.LinesOf(participant, period));
    }
    if (IsPaidBy(after_, period)) {
      ASSIGN_OR_RETURN(after, after_.LinesOf(participant, period));
    }
    std::map<uint32_t, Sides> sums;
    for (const EarnedLine& line : before) {
      RETURN_IF_ERROR(AddMinorUnits(line.amount, &sums[IndexOf(line)].first));
    }
    for (const EarnedLine& line : after) {
      RETURN_IF_ERROR(AddMinorUnits(line.amount, &sums[IndexOf(line)].second));
    }
    if (IsSame(before, after)) return absl::OkStatus();
    for (const auto& [paid_by, sides] : sums) {
      if (sides.first != sides.second || LinesDiffer(before, after, paid_by)) {
        part_->rows.push_back({participant, period, paid_by, sides.first, sides.second});
      }
    }
    return absl::OkStatus();
  }

  // Whether anything but the order of one component's lines differs.
  bool LinesDiffer(const std::vector<EarnedLine>& before, const std::vector<EarnedLine>& after,
                   uint32_t paid_by) {
    const auto lines_of = [&](const std::vector<EarnedLine>& lines) {
      std::vector<std::pair<absl::string_view, int64_t>> found;
      for (const EarnedLine& line : lines) {
        if (line.amount != 0 && IndexOf(line) == paid_by) {
          found.emplace_back(line.line_id, line.amount);
        }
      }
      std::sort(found.begin(), found.end());
      return found;
    };
    return lines_of(before) != lines_of(after);
  }

  uint32_t IndexOf(const EarnedLine& line) {
    const Component* component = line.group == nullptr ? nullptr : line.group->component;
    const auto [known, added] = known_.try_emplace(std::make_pair(line.version, component), 0);
    if (!added) return known->second;
    const Program& program = line.program();
    PaidBy paid_by{program.plan_id, line.component_id, "", Reward::Kind::kMoney, ""};
    if (line.is_money()) {
      paid_by.currency = std::string(program.currency.code());
    } else {
      paid_by.kind = component->reward.kind;
      paid_by.reward = component->reward.name;
    }
    return known->second = IndexOf(std::move(paid_by));
  }

  Evaluator before_, after_;
  const ComparedScope& scope_;
  Part* part_;
  std::map<PaidBy, uint32_t> index_;
  absl::flat_hash_map<std::pair<const PublishedVersion*, const Component*>, uint32_t> known_;
  std::vector<uint32_t> components_;  // of a version, in PaidBy
};

// Those to compare, in order of id.
std::vector<Compared> InOrder(const Touched& touched, const ComparedScope& scope, const Org& org) {
  std::vector<Compared> list;
  for (const auto& [participant, from] : touched) {
    if (scope.Holds(participant) && !org.Id(participant).empty()) {
      list.push_back({participant, from, nullptr});
    }
  }
  std::sort(list.begin(), list.end(), [&org](const Compared& a, const Compared& b) {
    return org.Id(a.participant) < org.Id(b.participant);
  });
  return list;
}

std::vector<Compared> InOrder(const KeptPlan& plan, const ComparedScope& scope) {
  std::vector<Compared> list;
  for (const KeptParticipant& person : plan.people) {
    if (!scope.Holds(person.participant)) continue;
    list.push_back({person.participant, Date::Min(), person.is_other ? nullptr : &person});
  }
  return list;
}

uint64_t CountParticipants(const Org& org, const ComparedScope& scope) {
  uint64_t count = 0;
  for (uint32_t participant = 0; participant < org.size(); ++participant) {
    count += !org.Id(participant).empty() && scope.Holds(participant) ? 1 : 0;
  }
  return count;
}

absl::Status PutTogether(std::vector<Part> parts, Differences* differences) {
  std::map<PaidBy, uint32_t> all;
  for (const Part& part : parts) {
    for (const PaidBy& paid_by : part.paid_by) all.emplace(paid_by, 0);
  }
  for (auto& [paid_by, index] : all) {
    index = static_cast<uint32_t>(differences->paid_by.size());
    differences->paid_by.push_back(paid_by);
  }
  DifferenceTotals totals;
  for (Part& part : parts) {
    for (DifferenceRow& row : part.rows) {
      row.paid_by = all.at(part.paid_by[row.paid_by]);
      differences->rows.push_back(row);
    }
    for (v1::TrueUp& true_up : part.true_ups) {
      RETURN_IF_ERROR(totals.AddTrueUp(true_up.currency(), true_up.difference_minor_units()));
      differences->true_ups.push_back(std::move(true_up));
    }
  }
  // Participants are in order already.
  auto& rows = differences->rows;
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last = std::find_if(first, rows.end(), [first](const DifferenceRow& row) {
      return row.participant != first->participant;
    });
    std::sort(first, last, [](const DifferenceRow& a, const DifferenceRow& b) {
      return a.period == b.period ? a.paid_by < b.paid_by : a.period < b.period;
    });
    for (auto row = first; row != last; ++row) {
      const std::string& currency = differences->paid_by[row->paid_by].currency;
      if (!currency.empty()) RETURN_IF_ERROR(totals.Add(currency, row->before, row->after));
    }
    totals.EndParticipant();
    first = last;
  }
  for (v1::ReplayTotal& total : totals.Finish(differences->participants)) {
    differences->totals.push_back(std::move(total));
  }
  return absl::OkStatus();
}

// Hashes texts after their lengths, and numbers; in long pieces.
class Digester {
 public:
  static void Append(absl::string_view text, std::string* bytes) {
    PutBig64(bytes, text.size());
    absl::StrAppend(bytes, text);
  }

  void Text(absl::string_view text) {
    Append(text, &bytes_);
    Flush();
  }
  void Bytes(absl::string_view bytes) { absl::StrAppend(&bytes_, bytes); }
  void Number(int64_t number) { PutBig64(&bytes_, static_cast<uint64_t>(number)); }
  std::string Finish() {
    hasher_.Update(bytes_);
    bytes_.clear();
    return std::string(AsBytes(hasher_.Finish()));
  }

 private:
  static constexpr size_t kPiece = size_t{64} << 10;

  void Flush() {
    if (bytes_.size() < kPiece) return;
    hasher_.Update(bytes_);
    bytes_.clear();
  }

  Sha256Hasher hasher_;
  std::string bytes_;
};

std::string DigestOf(const Differences& differences, const Reference& reference) {
  const Calendar calendar = reference.calendar();
  // Everything but the participant and the amount of a row says the same in many.
  std::map<std::pair<Period, uint32_t>, std::string> texts;
  Digester digester;
  for (const DifferenceRow& row : differences.rows) {
    if (row.before == row.after) continue;
    digester.Text(reference.org->Id(row.participant));
    std::string& text = texts[{row.period, row.paid_by}];
    if (text.empty()) {
      const PaidBy& paid_by = differences.paid_by[row.paid_by];
      Digester::Append(calendar.Label(row.period), &text);
      Digester::Append(paid_by.plan_id, &text);
      Digester::Append(paid_by.component_id, &text);
      Digester::Append(paid_by.currency, &text);
      PutBig64(&text, static_cast<uint64_t>(paid_by.kind));
      Digester::Append(paid_by.reward, &text);
    }
    digester.Bytes(text);
    digester.Number(row.after - row.before);
  }
  digester.Text("true-ups");
  for (const v1::TrueUp& true_up : differences.true_ups) {
    digester.Text(true_up.participant_id());
    digester.Text(true_up.origin_period());
    digester.Text(true_up.plan_id());
    digester.Text(true_up.currency());
    digester.Number(true_up.difference_minor_units());
  }
  return digester.Finish();
}

v1::RewardUnits::Kind KindProto(Reward::Kind kind) {
  switch (kind) {
    case Reward::Kind::kPoints:
      return v1::RewardUnits::POINTS;
    case Reward::Kind::kBadge:
      return v1::RewardUnits::BADGE;
    case Reward::Kind::kItem:
      return v1::RewardUnits::ITEM;
    case Reward::Kind::kMoney:
      break;
  }
  return v1::RewardUnits::KIND_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<Differences> ComputeDifferences(const Fork& fork, const CompareOptions& options) {
  const Reference& reference = fork.view().reference();
  if (!reference.configuration.has_value()) {
    return absl::FailedPreconditionError(
        "the ledger is not configured; append a LedgerConfigured first");
  }
  ASSIGN_OR_RETURN(const std::optional<RateChange> rates,
                   RateChange::Find(fork, options.kept, options.workers, [&options] {
                     return options.progress ? options.progress(0, 0) : absl::OkStatus();
                   }));
  std::vector<Compared> people;
  if (rates.has_value()) {
    people = InOrder(rates->plan(), options.scope);
  } else {
    ASSIGN_OR_RETURN(const Touched touched, FindTouched(fork));
    people = InOrder(touched, options.scope, *reference.org);
  }
  Differences differences;
  differences.evaluated = people.size();
  differences.participants = CountParticipants(*reference.org, options.scope);
  std::vector<Part> parts((people.size() + kParticipantsPerTask - 1) / kParticipantsPerTask);
  std::atomic<uint64_t> evaluated = 0;
  const auto compare = [&](size_t task) -> absl::Status {
    Comparer comparer(fork, options.scope, &parts[task]);
    std::optional<RatePayer> payer;
    if (rates.has_value()) payer.emplace(*rates, comparer.after());
    const size_t first = task * kParticipantsPerTask;
    const size_t last = std::min(first + kParticipantsPerTask, people.size());
    for (size_t i = first; i < last; ++i) {
      Background::TakeTurns();
      const Compared& person = people[i];
      RETURN_IF_ERROR(person.kept == nullptr ? comparer.Compare(person.participant, person.from)
                                             : comparer.CompareKept(*person.kept, *rates, &*payer));
      const uint64_t done = evaluated.fetch_add(1) + 1;
      if (options.progress) RETURN_IF_ERROR(options.progress(done, people.size()));
    }
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(RunParallel(options.workers, parts.size(), compare));
  RETURN_IF_ERROR(PutTogether(std::move(parts), &differences));
  differences.digest = DigestOf(differences, reference);
  return differences;
}

v1::Difference ToProto(const DifferenceRow& row, const Differences& differences,
                       const Reference& reference) {
  const PaidBy& paid_by = differences.paid_by[row.paid_by];
  v1::Difference difference;
  difference.set_participant_id(reference.org->Id(row.participant));
  difference.set_period(reference.calendar().Label(row.period));
  difference.set_plan_id(paid_by.plan_id);
  difference.set_component_id(paid_by.component_id);
  difference.set_currency(paid_by.currency);
  if (paid_by.currency.empty()) {
    difference.mutable_reward()->set_kind(KindProto(paid_by.kind));
    difference.mutable_reward()->set_name(paid_by.reward);
  }
  difference.set_before(row.before);
  difference.set_after(row.after);
  difference.set_difference(row.after - row.before);
  return difference;
}

}  // namespace payfold
