// A log's state in memory, for decisions.

#ifndef TESTS_LEDGER_ADMISSION_FAKE_STATE_H_
#define TESTS_LEDGER_ADMISSION_FAKE_STATE_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/admission/codec.h"
#include "ledger/log/event.h"
#include "ledger/log/log_state.h"

namespace payfold_testing {

// Counts the streams it is asked to read, and keeps what it was told to expect.
class FakeState final : public payfold::LogState {
 public:
  void Append(const payfold::NewEvent& event) { events_.push_back(event); }
  int streams_read() const { return streams_read_; }

  const std::vector<std::string>& expected() const { return expected_; }

  uint64_t Head() const override { return events_.size(); }
  int64_t NowMicros() const override { return 0; }

  absl::Status Expect(absl::Span<const absl::string_view> event_ids,
                      absl::Span<const absl::string_view> streams) const override {
    for (absl::string_view id : event_ids) expected_.emplace_back(id);
    for (absl::string_view stream : streams) expected_.emplace_back(stream);
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<payfold::KnownEvent>> FindEventId(
      absl::string_view event_id) const override {
    for (size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].event_id == event_id) {
        return std::optional<payfold::KnownEvent>({i + 1, events_[i].content_digest});
      }
    }
    return std::optional<payfold::KnownEvent>();
  }

  absl::StatusOr<uint64_t> StreamVersion(absl::string_view stream) const override {
    uint64_t version = 0;
    for (const payfold::NewEvent& event : events_) version += event.stream == stream ? 1 : 0;
    return version;
  }

  absl::Status ReadStream(
      absl::string_view stream,
      absl::FunctionRef<absl::Status(const payfold::EventView&)> visit) const override {
    ++streams_read_;
    for (size_t i = 0; i < events_.size(); ++i) {
      if (events_[i].stream != stream) continue;
      if (absl::Status status = visit(View(i)); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<payfold::EventView> Get(uint64_t position) const override {
    if (position == 0 || position > events_.size()) return absl::NotFoundError("no such event");
    return View(position - 1);
  }

  absl::StatusOr<bool> HasParticipant(absl::string_view) const override { return false; }

 private:
  payfold::EventView View(size_t i) const {
    payfold::EventView view;
    view.position = i + 1;
    view.kind = events_[i].kind;
    view.bytes = events_[i].body;
    return view;
  }

  std::vector<payfold::NewEvent> events_;
  mutable int streams_read_ = 0;
  mutable std::vector<std::string> expected_;
};

}  // namespace payfold_testing

#endif  // TESTS_LEDGER_ADMISSION_FAKE_STATE_H_
