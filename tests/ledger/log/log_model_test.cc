// Reads of a random log, each compared with the same read of a plain list.

#include <algorithm>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/event_log.h"
#include "ledger/log/fsck.h"
#include "rocksdb/env.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::FakeClock;
using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::MakeEvent;
using ::payfold_testing::TestOptions;

struct ModelEvent {
  NewEvent event;
  int64_t recorded_at_micros;
};

class LogModelTest : public testing::TestWithParam<uint64_t> {
 protected:
  LogModelTest() : random_(GetParam()), env_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
    log_ = *EventLog::Create(TestOptions(env_.get(), &clock_));
  }

  uint64_t Below(uint64_t n) { return random_() % n; }

  void AppendBatch() {
    clock_.Advance(absl::Microseconds(static_cast<int64_t>(Below(3))));
    std::vector<NewEvent> batch;
    const uint64_t size = Below(4) == 0 ? 1 + Below(600) : 1 + Below(5);
    for (uint64_t i = 0; i < size; ++i) {
      std::set<std::string> participants;
      for (uint64_t p = Below(4); p > 0; --p) participants.insert(absl::StrCat("p", Below(20)));
      batch.push_back(MakeEvent(absl::StrCat("e", model_.size() + i), absl::StrCat("s", Below(30)),
                                20 + static_cast<uint32_t>(Below(12)),
                                {participants.begin(), participants.end()},
                                std::string(Below(50), 'x')));
    }
    const auto result = log_->Append([&](const LogState& state) {
      Ask(state);
      return absl::StatusOr<std::vector<Decision>>(
          std::vector<Decision>(batch.begin(), batch.end()));
    });
    ASSERT_THAT(result, IsOk());
    for (NewEvent& event : batch) model_.push_back({std::move(event), result->recorded_at_micros});
  }

  // What is there and what is not, all at once or one by one.
  void Ask(const LogState& state) {
    std::vector<uint64_t> numbers;
    std::vector<std::string> ids;
    std::vector<std::string> streams;
    for (uint64_t i = Below(400); i > 0; --i) {
      numbers.push_back(Below(2 * model_.size() + 2));
      ids.push_back(absl::StrCat("e", numbers.back()));
      streams.push_back(absl::StrCat("s", Below(40)));
    }
    if (Below(2) == 0) {
      ASSERT_THAT(state.Expect(std::vector<absl::string_view>(ids.begin(), ids.end()),
                               std::vector<absl::string_view>(streams.begin(), streams.end())),
                  IsOk());
    }
    for (size_t i = 0; i < ids.size(); ++i) {
      const auto known = state.FindEventId(ids[i]);
      ASSERT_THAT(known, IsOk());
      ASSERT_EQ(known->has_value(), numbers[i] < model_.size()) << ids[i];
      if (known->has_value()) {
        ASSERT_EQ((*known)->position, numbers[i] + 1);
      }
      ASSERT_THAT(
          state.StreamVersion(streams[i]),
          IsOkAndHolds(std::count_if(model_.begin(), model_.end(), [&](const ModelEvent& e) {
            return e.event.stream == streams[i];
          })));
    }
  }

  // The number that a name has, or one that none has.
  uint32_t NumberOf(absl::StatusOr<std::optional<uint32_t>> found) { return found->value_or(9999); }

  std::vector<uint64_t> FromModel(const EventQuery& query, const std::string& stream,
                                  const std::string& participant) {
    std::vector<uint64_t> positions;
    for (uint64_t position = 1; position <= model_.size(); ++position) {
      const NewEvent& event = model_[position - 1].event;
      const auto& named = event.participants;
      if (position < query.first || position > query.last) continue;
      if ((query.kinds & KindBit(event.kind)) == 0) continue;
      if (query.stream && event.stream != stream) continue;
      if (query.participant && std::find(named.begin(), named.end(), participant) == named.end()) {
        continue;
      }
      positions.push_back(position);
    }
    if (query.backward) std::reverse(positions.begin(), positions.end());
    return positions;
  }

  void CompareOneQuery() {
    const std::string stream = absl::StrCat("s", Below(31));
    const std::string participant = absl::StrCat("p", Below(21));
    EventQuery query;
    query.backward = Below(2) == 0;
    if (Below(2) == 0) query.first = Below(model_.size() + 3);
    if (Below(2) == 0) query.last = Below(model_.size() + 3);
    if (Below(3) == 0) query.stream = NumberOf(log_->FindStream(stream));
    if (Below(3) == 0) query.participant = NumberOf(log_->FindParticipant(participant));
    if (Below(2) == 0)
      query.kinds = Below(2) == 0 ? KindBit(20 + static_cast<uint32_t>(Below(13))) : random_();
    std::vector<uint64_t> positions;
    const std::unique_ptr<EventCursor> cursor = log_->Read(query);
    while (cursor->Next()) {
      const EventView& event = cursor->event();
      positions.push_back(event.position);
      CompareEvent(event);
    }
    ASSERT_THAT(cursor->status(), IsOk());
    ASSERT_EQ(positions, FromModel(query, stream, participant))
        << "first " << query.first << " last " << query.last << " backward " << query.backward
        << " stream " << query.stream.value_or(-1) << " participant "
        << query.participant.value_or(-1) << " kinds " << query.kinds;
  }

  void CompareEvent(const EventView& event) {
    const ModelEvent& expected = model_[event.position - 1];
    EXPECT_EQ(event.kind, expected.event.kind);
    EXPECT_EQ(event.recorded_at_micros, expected.recorded_at_micros);
    EXPECT_EQ(event.bytes.substr(event.bytes.size() - expected.event.body.size()),
              expected.event.body);
    EXPECT_THAT(log_->StreamName(event.stream), IsOkAndHolds(expected.event.stream));
    ASSERT_EQ(event.participants.size(), expected.event.participants.size());
    for (size_t i = 0; i < event.participants.size(); ++i) {
      EXPECT_THAT(log_->ParticipantId(event.participants[i]),
                  IsOkAndHolds(expected.event.participants[i]));
    }
  }

  void CompareBlocks() {
    const uint64_t first = 1 + Below(model_.size());
    const uint64_t last = first + Below(300);
    std::set<uint64_t> seen;
    const auto cursor = log_->ReadBlocks(first, last);
    while (cursor->Next()) {
      absl::StatusOr<BlockView> block = BlockView::Parse(cursor->bytes());
      ASSERT_THAT(block, IsOk());
      EXPECT_EQ(block->first_position(), cursor->first_position());
      EventView event;
      while (block->Next(&event)) EXPECT_TRUE(seen.insert(event.position).second);
    }
    ASSERT_THAT(cursor->status(), IsOk());
    for (uint64_t p = first; p <= std::min<uint64_t>(last, model_.size()); ++p) {
      EXPECT_EQ(seen.count(p), 1u) << p;
    }
  }

  void CompareTimes() {
    const int64_t time =
        model_[Below(model_.size())].recorded_at_micros + static_cast<int64_t>(Below(3)) - 1;
    uint64_t expected = 0;
    while (expected < model_.size() && model_[expected].recorded_at_micros <= time) ++expected;
    EXPECT_THAT(log_->PositionAtTime(time), IsOkAndHolds(expected));
  }

  std::mt19937_64 random_;
  FakeClock clock_;
  std::unique_ptr<rocksdb::Env> env_;
  std::unique_ptr<EventLog> log_;
  std::vector<ModelEvent> model_;
};

TEST_P(LogModelTest, ReadsWhatAListWouldGive) {
  for (int round = 0; round < 12; ++round) {
    for (int i = 0; i < 4; ++i) AppendBatch();
    for (int i = 0; i < 15; ++i) {
      CompareOneQuery();
      CompareBlocks();
      CompareTimes();
    }
    if (Below(3) == 0) {
      log_.reset();
      log_ = *EventLog::Open(TestOptions(env_.get(), &clock_));
    }
  }
  const auto report = CheckLog(*log_, {});
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->events, model_.size());
}

INSTANTIATE_TEST_SUITE_P(Seeds, LogModelTest, testing::Values(1, 2, 3, 4, 5));

}  // namespace
}  // namespace payfold
