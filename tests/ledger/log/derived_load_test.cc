#include "ledger/log/derived_load.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/log/event_log.h"
#include "rocksdb/env.h"
#include "rocksdb/write_batch.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_file_system.h"
#include "tests/support/status_matchers.h"

namespace payfold_testing {
namespace {

using ::payfold::DerivedLoad;
using ::payfold::EventLog;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DerivedLoadTest : public ::testing::Test {
 protected:
  DerivedLoadTest() { log_ = *EventLog::Create(TestOptions(env_.get(), &clock_)); }

  rocksdb::ColumnFamilyHandle* Family() { return *log_->OpenDerived("derived.balances"); }
  std::unique_ptr<DerivedLoad> Load() { return log_->LoadDerived(Family()); }
  void Reopen() {
    log_.reset();
    log_ = *EventLog::Open(TestOptions(env_.get(), &clock_));
  }

  // "key=value" of all entries.
  std::vector<std::string> Entries() {
    std::vector<std::string> entries;
    const std::unique_ptr<rocksdb::Iterator> all(log_->database()->NewIterator({}, Family()));
    for (all->SeekToFirst(); all->Valid(); all->Next()) {
      entries.push_back(absl::StrCat(all->key().ToString(), "=", all->value().ToString()));
    }
    EXPECT_TRUE(all->status().ok());
    return entries;
  }

  // Files that are none of the database's own.
  std::vector<std::string> Leftovers() {
    std::vector<std::string> names;
    EXPECT_TRUE(env_->GetChildren(TestOptions(env_.get(), &clock_).directory, &names).ok());
    names.erase(
        std::remove_if(names.begin(), names.end(),
                       [](const std::string& name) { return !absl::StrContains(name, "loading"); }),
        names.end());
    return names;
  }

  std::unique_ptr<rocksdb::Env> memory_{rocksdb::NewMemEnv(rocksdb::Env::Default())};
  std::shared_ptr<FaultyFileSystem> disk_ =
      std::make_shared<FaultyFileSystem>(memory_->GetFileSystem(), /*seed=*/1);
  std::unique_ptr<rocksdb::Env> env_ = NewFaultyEnv(disk_);
  FakeClock clock_;
  std::unique_ptr<EventLog> log_;
};

TEST_F(DerivedLoadTest, WhatIsPutIsThereAndCanBeChanged) {
  {
    const std::unique_ptr<DerivedLoad> load = Load();
    ASSERT_THAT(load->Put("a", "1"), IsOk());
    ASSERT_THAT(load->Put("b", "2"), IsOk());
    EXPECT_THAT(Entries(), IsEmpty());
    ASSERT_THAT(load->Finish(), IsOk());
  }
  EXPECT_THAT(Leftovers(), IsEmpty());
  rocksdb::WriteBatch batch;
  batch.Put(Family(), "b", "3");
  ASSERT_THAT(log_->WriteDerived(&batch, /*sync=*/false), IsOk());
  EXPECT_THAT(Entries(), ElementsAre("a=1", "b=3"));
  Reopen();
  EXPECT_THAT(Entries(), ElementsAre("a=1", "b=3"));
}

TEST_F(DerivedLoadTest, MoreThanAFileHoldsIsOneLoad) {
  const std::string megabyte(size_t{1} << 20, 'x');
  const std::unique_ptr<DerivedLoad> load = Load();
  std::string value = megabyte;
  for (int i = 0; i < 80; ++i) {
    // Not to be compressed to nothing.
    for (size_t at = 0; at < value.size(); at += 2) value[at] = static_cast<char>(at * 31 + i);
    for (size_t at = 1; at < value.size(); at += 2) {
      value[at] = static_cast<char>((at * 2654435761U + i) >> 13);
    }
    ASSERT_THAT(load->Put(absl::StrCat(1000 + i), value), IsOk());
  }
  EXPECT_GE(Leftovers().size(), 1U);
  ASSERT_THAT(load->Finish(), IsOk());
  EXPECT_THAT(Entries(), SizeIs(80));
}

TEST_F(DerivedLoadTest, WhatIsNotFinishedLeavesNothing) {
  {
    const std::unique_ptr<DerivedLoad> load = Load();
    ASSERT_THAT(load->Put("a", "1"), IsOk());
  }
  EXPECT_THAT(Leftovers(), IsEmpty());
  EXPECT_THAT(Entries(), IsEmpty());
}

TEST_F(DerivedLoadTest, WhatACrashLeavesBehindGoesWhenTheLogIsOpened) {
  const std::string path =
      absl::StrCat(TestOptions(env_.get(), &clock_).directory, "/derived.balances.0.loading");
  ASSERT_TRUE(rocksdb::WriteStringToFile(env_.get(), "half of a fi", path).ok());
  Reopen();
  EXPECT_THAT(Leftovers(), IsEmpty());
}

TEST_F(DerivedLoadTest, NothingIsTakenInOfWhatFailedAndTheLogGoesOn) {
  std::unique_ptr<DerivedLoad> load = Load();
  disk_->FillDiskAfter(1);
  EXPECT_THAT(load->Put("a", "1"),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("make room")));
  load.reset();
  disk_->MakeRoom();
  EXPECT_THAT(Entries(), IsEmpty());
  EXPECT_THAT(AppendNew(*log_, {MakeEvent("e1", "s")}), IsOk());
}

// At whichever operation the power goes, all is there afterwards or nothing; and all if
// Finish() said so.
TEST_F(DerivedLoadTest, APowerCutLeavesAllOrNothing) {
  bool cut = true;
  for (uint64_t operation = 1; cut; ++operation) {
    ASSERT_THAT(log_->DropDerived("derived.balances"), IsOk());
    std::unique_ptr<DerivedLoad> load = Load();
    disk_->CutPowerAfter(operation);
    absl::Status status = load->Put("a", "1");
    if (status.ok()) status = load->Put("b", "2");
    if (status.ok()) status = load->Finish();
    cut = disk_->power_is_off();
    EXPECT_TRUE(cut || status.ok()) << status;
    load.reset();
    log_.reset();
    disk_->RestorePower();
    Reopen();
    const std::vector<std::string> entries = Entries();
    if (status.ok() || !entries.empty()) {
      EXPECT_THAT(entries, ElementsAre("a=1", "b=2")) << "operation " << operation;
    }
    EXPECT_THAT(Leftovers(), IsEmpty());
    ASSERT_LT(operation, 1000U);
  }
}

}  // namespace
}  // namespace payfold_testing
