// Events and logs for tests of the log: events whose bodies are as admission
// would write them, as far as the log can tell, and logs in memory.

#ifndef TESTS_LEDGER_LOG_TEST_LOG_H_
#define TESTS_LEDGER_LOG_TEST_LOG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "ledger/base/coding.h"
#include "ledger/log/event_log.h"
#include "rocksdb/env.h"

namespace payfold_testing {

inline payfold::NewEvent MakeEvent(std::string id, std::string stream, uint32_t kind = 20,
                                   std::vector<std::string> participants = {},
                                   absl::string_view payload = "payload") {
  payfold::NewEvent event;
  event.body.push_back(0x22);  // Field 4: event_id.
  payfold::PutLengthPrefixed(&event.body, id);
  event.body.push_back(0x3a);  // Field 7: stream.
  payfold::PutLengthPrefixed(&event.body, stream);
  payfold::PutVarint64(&event.body, uint64_t{kind} << 3 | 2);
  payfold::PutLengthPrefixed(&event.body, payload);
  event.event_id = std::move(id);
  event.stream = std::move(stream);
  event.kind = kind;
  event.participants = std::move(participants);
  return event;
}

// Appends the events as they are, all as new.
inline absl::StatusOr<payfold::AppendResult> AppendNew(
    payfold::EventLog& log, const std::vector<payfold::NewEvent>& events) {
  return log.Append([&](const payfold::LogState&) {
    return absl::StatusOr<std::vector<payfold::Decision>>(
        std::vector<payfold::Decision>(events.begin(), events.end()));
  });
}

// Decides the events as new, those whose id is known as duplicates.
inline payfold::Decide EachOnce(std::vector<payfold::NewEvent> events) {
  using Decisions = absl::StatusOr<std::vector<payfold::Decision>>;
  return [events = std::move(events)](const payfold::LogState& state) -> Decisions {
    std::vector<payfold::Decision> decisions;
    for (const payfold::NewEvent& event : events) {
      const auto known = state.FindEventId(event.event_id);
      if (!known.ok()) return known.status();
      if (known->has_value()) {
        decisions.emplace_back(payfold::DuplicateOf{(*known)->position});
      } else {
        decisions.emplace_back(event);
      }
    }
    return decisions;
  };
}

// Appends the events, those whose id is known as duplicates.
inline absl::StatusOr<payfold::AppendResult> AppendOnce(
    payfold::EventLog& log, const std::vector<payfold::NewEvent>& events) {
  return log.Append(EachOnce(events));
}

inline payfold::LogOptions TestOptions(rocksdb::Env* env, payfold::Clock* clock,
                                       std::string directory = "/ledger") {
  payfold::LogOptions options;
  options.directory = std::move(directory);
  options.env = env;
  options.clock = clock;
  options.origin = "test.example/ledger";
  options.signing_seed = std::string(32, 's');
  return options;
}

}  // namespace payfold_testing

#endif  // TESTS_LEDGER_LOG_TEST_LOG_H_
