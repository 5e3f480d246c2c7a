// A ledger in memory, as an import sees one: streams, ids, versions, one booking
// a deal.

#ifndef TESTS_TOOLS_IMPORT_FAKE_LEDGER_H_
#define TESTS_TOOLS_IMPORT_FAKE_LEDGER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "payfold/v1/event.pb.h"
#include "payfold/v1/ledger_service.pb.h"
#include "tools/import/sender.h"

namespace payfold_testing {

class FakeLedger {
 public:
  payfold::LedgerPort Port();

  // All events, in order.
  const std::vector<payfold::v1::Event>& events() const { return events_; }
  std::vector<payfold::v1::Event> Stream(const std::string& stream) const;
  // As another source does it. REQUIRES: the ledger takes it.
  void Say(payfold::v1::Event event, const std::string& source);

  // Appends so far, refused ones too.
  int appends() const { return appends_; }
  // From this append on the ledger cannot be reached; 0 is never.
  void FailFrom(int append) { fail_from_ = append; }

 private:
  absl::StatusOr<payfold::v1::AppendResponse> Append(const std::vector<payfold::v1::Event>& events,
                                                     bool validate_only);
  // Takes one event into `*this`.
  absl::StatusOr<payfold::v1::AppendResult> Take(payfold::v1::Event event);
  std::string StreamOf(const payfold::v1::Event& event) const;
  bool IsBooked(const std::string& stream) const;

  std::vector<payfold::v1::Event> events_;
  std::map<std::string, uint64_t> positions_;           // by event id
  std::map<std::string, std::vector<size_t>> streams_;  // places in events_
  int appends_ = 0;
  int fail_from_ = 0;
};

}  // namespace payfold_testing

#endif  // TESTS_TOOLS_IMPORT_FAKE_LEDGER_H_
