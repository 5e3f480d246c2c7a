#include "tests/tools/import/fake_ledger.h"

#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "ledger/admission/stream_name.h"
#include "ledger/base/check.h"
#include "ledger/base/status_macros.h"

namespace payfold_testing {

using ::payfold::v1::AppendResponse;
using ::payfold::v1::AppendResult;
using ::payfold::v1::Event;

payfold::LedgerPort FakeLedger::Port() {
  payfold::LedgerPort port;
  port.read_stream = [this](const std::string& stream) { return Stream(stream); };
  port.append = [this](const std::vector<Event>& events, bool validate_only) {
    return Append(events, validate_only);
  };
  return port;
}

std::vector<Event> FakeLedger::Stream(const std::string& stream) const {
  std::vector<Event> events;
  const auto found = streams_.find(stream);
  if (found == streams_.end()) return events;
  for (const size_t place : found->second) events.push_back(events_[place]);
  return events;
}

void FakeLedger::Say(Event event, const std::string& source) {
  event.set_source(source);
  event.set_event_id(absl::StrCat("said-", events_.size() + 1));
  CHECK(Take(std::move(event)).ok());
}

absl::StatusOr<AppendResponse> FakeLedger::Append(const std::vector<Event>& events,
                                                  bool validate_only) {
  ++appends_;
  if (fail_from_ > 0 && appends_ >= fail_from_) {
    return absl::UnavailableError("connection refused");
  }
  FakeLedger after = *this;
  AppendResponse response;
  for (const Event& event : events) {
    ASSIGN_OR_RETURN(*response.add_results(), after.Take(event));
  }
  response.set_position(after.events_.size());
  if (!validate_only) {
    events_ = std::move(after.events_);
    positions_ = std::move(after.positions_);
    streams_ = std::move(after.streams_);
  }
  return response;
}

absl::StatusOr<AppendResult> FakeLedger::Take(Event event) {
  AppendResult result;
  if (const auto known = positions_.find(event.event_id()); known != positions_.end()) {
    result.set_position(known->second);
    result.set_duplicate(true);
    return result;
  }
  event.set_stream(StreamOf(event));
  const uint64_t version = streams_[event.stream()].size();
  if (event.has_expected_stream_version() && event.expected_stream_version() != version) {
    return absl::AbortedError(absl::StrCat(event.stream(), " is at version ", version));
  }
  if (event.has_deal_booked() && IsBooked(event.stream())) {
    return absl::FailedPreconditionError(absl::StrCat(event.stream(), " is booked already"));
  }
  event.set_stream_version(version + 1);
  event.set_position(events_.size() + 1);
  result.set_position(event.position());
  result.set_stream_version(event.stream_version());
  streams_[event.stream()].push_back(events_.size());
  positions_[event.event_id()] = event.position();
  events_.push_back(std::move(event));
  return result;
}

std::string FakeLedger::StreamOf(const Event& event) const {
  const auto voided = positions_.find(event.fact_voided().event_id());
  if (voided != positions_.end()) return events_[voided->second - 1].stream();
  return payfold::StreamName(event);
}

bool FakeLedger::IsBooked(const std::string& stream) const {
  const std::vector<Event> events = Stream(stream);
  std::set<std::string> voided;
  for (const Event& event : events) voided.insert(event.fact_voided().event_id());
  for (const Event& event : events) {
    if (event.has_deal_booked() && voided.count(event.event_id()) == 0) return true;
  }
  return false;
}

}  // namespace payfold_testing
