#include "projections/facts/hypothetical_deals.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/status_macros.h"
#include "projections/facts/derive_deal.h"

namespace payfold {
namespace {

// What a reader gives, and what follows from the bookings.
class BookedFacts : public FactReader {
 public:
  explicit BookedFacts(const FactsView& under) : under_(under) {}

  absl::Status Book(const HypotheticalBooking& booking) {
    ASSIGN_OR_RETURN(DealFacts facts, under_.GetDealFacts(booking.stream));
    const SplitPolicies& policies = *under_.reference().policies;
    const Deal deal = ResolveDeal(facts, policies);
    const std::optional<Opportunity>& open = deal.opportunity;
    if (!open.has_value() || !open->amount.has_value() || !open->expected_on.has_value()) {
      return absl::FailedPreconditionError(
          absl::StrCat("deal ", facts.deal_id, " is not open, or lacks its amount or its date"));
    }
    ASSIGN_OR_RETURN(std::string encoded, under_.facts().GetDeal(booking.stream));
    const Date day_before = DeriveDeal(booking.stream, facts, policies).last_day();
    facts = WithBooking(std::move(facts), *open, booking.amount);
    AppendDealFact(facts.facts.back(), &encoded);
    DerivedDeal derived = DeriveDeal(booking.stream, facts, policies);
    for (const auto& [participant, credit] : derived.credits) {
      credits_[participant].push_back(credit);
    }
    if (day_before != Date::Min()) --days_[day_before];
    ++days_[derived.last_day()];
    deals_[booking.stream] = {std::move(encoded), derived.has_issues, derived.by_policy,
                              std::move(derived.taken_from)};
    return absl::OkStatus();
  }

  // By how much the number of deals whose latest fact has that date changes.
  const std::map<Date, int64_t>& days() const { return days_; }

  absl::StatusOr<std::string> GetDeal(uint32_t stream) const override {
    const auto at = deals_.find(stream);
    return at != deals_.end() ? at->second.encoded : under_.facts().GetDeal(stream);
  }

  absl::StatusOr<std::vector<Credit>> GetCredits(uint32_t participant,
                                                 int32_t month) const override {
    std::vector<Credit> credits;
    RETURN_IF_ERROR(ReadCredits(participant, month, month, &credits));
    return credits;
  }

  absl::Status ReadCredits(uint32_t participant, int32_t first, int32_t last,
                           std::vector<Credit>* credits) const override {
    RETURN_IF_ERROR(under_.facts().ReadCredits(participant, first, last, credits));
    const auto added = credits_.find(participant);
    if (added == credits_.end()) return absl::OkStatus();
    for (const Credit& credit : added->second) {
      const int32_t month = MonthOf(credit.date);
      if (first <= month && month <= last) credits->push_back(credit);
    }
    return absl::OkStatus();
  }

  absl::Status ReadTaken(uint32_t participant, std::vector<uint32_t>* streams) const override {
    std::vector<uint32_t> taken;
    RETURN_IF_ERROR(under_.facts().ReadTaken(participant, &taken));
    std::erase_if(taken, [this](uint32_t stream) { return deals_.count(stream) != 0; });
    for (const auto& [stream, booked] : deals_) {
      const std::vector<uint32_t>& from = booked.taken_from;
      if (std::binary_search(from.begin(), from.end(), participant)) taken.push_back(stream);
    }
    std::sort(taken.begin(), taken.end());
    streams->insert(streams->end(), taken.begin(), taken.end());
    return absl::OkStatus();
  }

  absl::Status ReadMetrics(const MetricSubject& subject, int32_t first, int32_t last,
                           std::vector<MetricFact>* metrics) const override {
    return under_.facts().ReadMetrics(subject, first, last, metrics);
  }

  absl::Status ReadPosted(uint32_t participant, Date upto,
                          std::vector<PostedEntry>* posted) const override {
    return under_.facts().ReadPosted(participant, upto, posted);
  }

  absl::StatusOr<std::vector<uint32_t>> Marked(Mark mark) const override {
    ASSIGN_OR_RETURN(std::vector<uint32_t> marked, under_.facts().Marked(mark));
    std::erase_if(marked, [this](uint32_t stream) { return deals_.count(stream) != 0; });
    for (const auto& [stream, booked] : deals_) {
      if ((mark == Mark::kIssues && booked.has_issues) ||
          (mark == Mark::kByPolicy && booked.by_policy)) {
        marked.push_back(stream);
      }
    }
    std::sort(marked.begin(), marked.end());
    return marked;
  }

  absl::Status ForEachReference(const VisitReference& visit) const override {
    return under_.facts().ForEachReference(visit);
  }

  absl::Status ForEachParticipant(const VisitParticipant& visit) const override {
    return under_.facts().ForEachParticipant(visit);
  }

  absl::Status ForEachLastDay(const VisitLastDay& visit) const override {
    std::map<Date, int64_t> days = days_;
    RETURN_IF_ERROR(
        under_.facts().ForEachLastDay([&days](Date day, int64_t facts) { days[day] += facts; }));
    for (const auto& [day, facts] : days) {
      if (facts != 0) visit(day, facts);
    }
    return absl::OkStatus();
  }

  // The bookings are at no position.
  absl::StatusOr<Date> LatestDayAt(uint64_t position) const override {
    return under_.facts().LatestDayAt(position);
  }

 private:
  struct Booked {
    std::string encoded;
    bool has_issues = false;
    bool by_policy = false;
    std::vector<uint32_t> taken_from;
  };

  FactsView under_;
  std::map<uint32_t, Booked> deals_;
  absl::flat_hash_map<uint32_t, std::vector<Credit>> credits_;
  std::map<Date, int64_t> days_;
};

}  // namespace

DealFacts WithBooking(DealFacts facts, const Opportunity& open, int64_t amount) {
  DealFact booked;
  booked.kind = DealFact::Kind::kBooked;
  // What is known of the booking is what the opportunity states.
  booked.position = open.position;
  booked.date = *open.expected_on;
  booked.amount = amount;
  booked.currency = open.currency;
  if (open.owner != kNobody) booked.owner = open.owner;
  booked.members = open.members;
  booked.attributes = open.attributes;
  facts.facts.push_back(std::move(booked));
  return facts;
}

absl::StatusOr<FactsView> WithBookings(const FactsView& view,
                                       absl::Span<const HypotheticalBooking> bookings) {
  auto facts = std::make_shared<BookedFacts>(view);
  for (const HypotheticalBooking& booking : bookings) RETURN_IF_ERROR(facts->Book(booking));
  Reference reference = view.reference();
  reference.last_days.Lend();
  std::map<Date, int64_t>& days = reference.last_days.Mutable();
  for (const auto& [day, change] : facts->days()) {
    days[day] += change;
    if (days[day] == 0) days.erase(day);
  }
  return FactsView(
      view.position(), view.plans_position(), reference.Publish(), std::move(facts),
      [view](absl::string_view deal_id) { return view.FindDeal(deal_id); },
      [view](uint64_t position) { return view.GetEvent(position); });
}

}  // namespace payfold
