// Statements, payments and openings as they would be posted, with made-up numbers.

#ifndef TESTS_PROJECTIONS_JOURNAL_POSTED_STORY_H_
#define TESTS_PROJECTIONS_JOURNAL_POSTED_STORY_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "payfold/v1/event.pb.h"
#include "payfold/v1/period_service.pb.h"
#include "tests/support/accounting_tools.h"
#include "tests/support/random_source.h"

namespace payfold_testing {

// What a participant's money stands at, in one currency.
struct Standing {
  int64_t payable = 0;  // posted, all in all
  int64_t paid = 0;
  int64_t carried = 0;  // not positive
  int64_t opened = 0;   // payable openings that no statement has carried in yet
  int64_t held = 0;
  int64_t draws = 0;
};

class PostedStory {
 public:
  PostedStory(uint64_t seed, std::vector<std::string> participants, std::vector<std::string> plans,
              std::vector<std::string> currencies)
      : random_(seed),
        participants_(std::move(participants)),
        plans_(std::move(plans)),
        currencies_(std::move(currencies)) {}

  // Openings, then `months` closes with payments after each.
  std::vector<payfold::v1::Event> Tell(int months);

  // By (participant, currency), after Tell().
  const std::map<std::pair<std::string, std::string>, Standing>& standings() const {
    return standings_;
  }

 private:
  payfold::v1::Event& Post();
  void Open(const std::string& participant, const std::string& currency);
  void Close(const std::string& participant, const std::string& currency, int month);
  void Pay(const std::string& participant, const std::string& currency, int month);
  payfold::v1::PlanSettlement Settle(const std::string& plan, Standing* standing);

  RandomSource random_;
  const std::vector<std::string> participants_, plans_, currencies_;
  std::map<std::pair<std::string, std::string>, Standing> standings_;
  std::vector<payfold::v1::Event> events_;
};

// The sums of the entries' postings.
AccountBalances SumsOf(const std::vector<payfold::v1::JournalEntry>& entries);

// The journal of all events. Fails the test if it cannot be made.
std::vector<payfold::v1::JournalEntry> JournalOf(const std::vector<payfold::v1::Event>& events);

// Begin() and all entries.
std::string TextOf(payfold::v1::ExportJournalRequest::Format format,
                   const std::vector<payfold::v1::JournalEntry>& entries);

}  // namespace payfold_testing

#endif  // TESTS_PROJECTIONS_JOURNAL_POSTED_STORY_H_
