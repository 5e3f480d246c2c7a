// Events that got their position but are not committed yet. Internal to
// ledger/log.

#ifndef LEDGER_LOG_STAGING_H_
#define LEDGER_LOG_STAGING_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "ledger/log/event.h"
#include "ledger/log/format.h"
#include "ledger/log/group_records.h"

namespace payfold {

class Staging {
 public:
  // Starts at the end of the committed log, with nothing staged.
  explicit Staging(const LogHead& committed) { Reset(committed); }
  void Reset(const LogHead& committed);

  size_t size() const { return events_.size(); }
  size_t bytes() const { return bytes_.size(); }
  uint64_t last_position() const { return committed_.position() + events_.size(); }
  int64_t last_recorded_at_micros() const {
    return events_.empty() ? committed_.last_recorded_at_micros : events_.back().recorded_at_micros;
  }

  // Numbers for names that have none. They belong to the event added next.
  uint32_t AddStream(absl::string_view name);
  uint32_t AddParticipant(absl::string_view id);

  // Gives the event the next position.
  struct Place {
    EventIdKey id;
    int64_t recorded_at_micros;
    uint32_t stream;
    uint32_t stream_version;
  };
  void Add(const NewEvent& event, const Place& place, absl::Span<const uint32_t> participants);

  // The staged event with that place in the order of staging; valid until the
  // next call that is not const.
  EventView View(size_t index) const;
  std::optional<KnownEvent> Find(const EventIdKey& id) const;

  // Takes back the event staged last. Gives the names that lose their number.
  struct LostNames {
    std::vector<std::string> streams;
    std::vector<std::string> participants;
  };
  LostNames RemoveLast();

  // Adds the staged events from that index on.
  void AddTo(GroupRecords* records, size_t first) const;
  GroupRecords::NewNames new_names() const { return {new_streams_, new_participants_}; }

 private:
  struct Event {
    EventIdKey id;
    ContentDigest content_digest;
    int64_t recorded_at_micros;
    uint32_t kind;
    uint32_t stream;
    uint32_t stream_version;
    // Where the event's part ends in bytes_, participants_ and the new names; it
    // begins where that of the event before it ends.
    size_t bytes_end;
    size_t participants_end;
    size_t new_streams_end;
    size_t new_participants_end;
  };

  LogHead committed_;
  std::vector<Event> events_;
  std::string bytes_;
  std::vector<uint32_t> participants_;
  std::vector<std::string> new_streams_;
  std::vector<std::string> new_participants_;
  absl::flat_hash_map<EventIdKey, size_t> ids_;
};

}  // namespace payfold

#endif  // LEDGER_LOG_STAGING_H_
