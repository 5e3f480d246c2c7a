// Backups of a log, taken while it is written, and ledgers restored from them.

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/backup/backups.h"
#include "ledger/backup/keys_copy.h"
#include "ledger/backup/restore.h"
#include "tests/ledger/admission/admission_testing.h"
#include "tests/support/fake_clock.h"
#include "tests/support/random_source.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

namespace fs = std::filesystem;
using ::payfold_testing::Booking;
using ::payfold_testing::Erasure;
using ::payfold_testing::FakeClock;
using ::payfold_testing::IsOk;
using ::payfold_testing::Person;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TempDir;
using ::testing::HasSubstr;

class BackupTest : public testing::Test {
 protected:
  BackupTest() {
    auto ledger = Ledger::Create(dir_.Path("ledger"), {.clock = &clock_});
    EXPECT_THAT(ledger, IsOk());
    ledger_ = *std::move(ledger);
    Append({Person("p-ana", "ana", "Ana Example"), Booking("b-0", "D-0")});
    EXPECT_THAT(ledger_->log().SignTreeHead(), IsOk());
  }

  void Append(const std::vector<v1::Event>& events) {
    EXPECT_THAT(ledger_->Append(events, {.actor = "tester"}), IsOk());
  }
  absl::StatusOr<Backup> Create() {
    return CreateBackup(*ledger_, dir_.Path("backups"), [] { return absl::OkStatus(); });
  }
  Backup MustCreate() {
    const absl::StatusOr<Backup> backup = Create();
    EXPECT_THAT(backup, IsOk());
    EXPECT_THAT(CopyKeys(*ledger_, dir_.Path("keys")), IsOk());
    return backup.ok() ? *backup : Backup();
  }
  RestoreRequest Request(uint32_t id = 0) {
    RestoreRequest request;
    request.backups = dir_.Path("backups");
    request.backup_id = id;
    request.keys = dir_.Path("keys");
    request.data = dir_.Path("restored");
    request.ledger = absl::StrCat("again", ++restored_);
    request.options.clock = &clock_;
    return request;
  }
  // The ledger, opened. REQUIRES: it can be restored.
  std::unique_ptr<Ledger> Restored(const RestoreRequest& request) {
    EXPECT_THAT(RestoreLedger(request), IsOk());
    auto ledger =
        Ledger::Open(absl::StrCat(request.data, "/ledgers/", request.ledger), {.clock = &clock_});
    EXPECT_THAT(ledger, IsOk());
    return ledger.ok() ? *std::move(ledger) : nullptr;
  }

  static std::vector<std::string> BytesOf(const Ledger& ledger, uint64_t last) {
    std::vector<std::string> bytes;
    const auto cursor = ledger.log().Read({.last = last});
    while (cursor->Next()) bytes.emplace_back(cursor->event().bytes);
    EXPECT_THAT(cursor->status(), IsOk());
    return bytes;
  }
  static std::string NameAt(const Ledger& ledger, uint64_t position) {
    EventStorage storage;
    v1::Event event = *ledger.Decode(*ledger.log().Get(position, &storage));
    EXPECT_THAT(ledger.Unseal(&event), IsOk());
    return event.participant_changed().display_name();
  }
  // Files below a directory, in order.
  static std::vector<fs::path> FilesIn(const std::string& directory) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
      if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  FakeClock clock_;
  TempDir dir_;
  std::unique_ptr<Ledger> ledger_;
  int restored_ = 0;
};

TEST_F(BackupTest, ABackupThatIsTakenWhileEventsAreAppendedIsAPrefixOfTheLog) {
  std::atomic<bool> stop = false;
  std::thread appender([&] {
    for (int i = 1; !stop; ++i) Append({Booking(absl::StrCat("b-", i), absl::StrCat("D-", i))});
  });
  std::vector<Backup> backups;
  for (int i = 0; i < 4; ++i) backups.push_back(MustCreate());
  stop = true;
  appender.join();
  EXPECT_GT(backups.back().position, backups.front().position);
  for (const Backup& backup : backups) {
    const std::unique_ptr<Ledger> again = Restored(Request(backup.id));
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->log().head(), backup.position);
    EXPECT_EQ(BytesOf(*again, backup.position), BytesOf(*ledger_, backup.position));
    EXPECT_EQ(backup.root, *ledger_->log().RootAt(backup.position));
    EXPECT_EQ(again->log().verifier_key(), ledger_->log().verifier_key());
    EXPECT_EQ(again->log().ListTreeHeads(0, ~uint64_t{0}, 10)->size(), 1U);
  }
}

TEST_F(BackupTest, ARestoredLedgerGoesOnWhereItWas) {
  const Backup backup = MustCreate();
  const std::unique_ptr<Ledger> again = Restored(Request());
  const auto retried =
      again->Append({Booking("b-0", "D-0"), Booking("b-1", "D-1")}, {.actor = "tester"});
  ASSERT_THAT(retried, IsOk());
  EXPECT_TRUE(retried->events[0].duplicate);
  EXPECT_EQ(retried->events[1].position, backup.position + 1);
  EXPECT_EQ(NameAt(*again, 1), "Ana Example");
}

TEST_F(BackupTest, WhatAnEarlierBackupHasIsNotCopiedAgain) {
  for (int batch = 1; batch <= 4; ++batch) {
    std::vector<v1::Event> events;
    for (int i = 0; i < 5'000; ++i) {
      const std::string id = absl::StrCat(batch, "-", i);
      events.push_back(Booking(absl::StrCat("b-", id), absl::StrCat("D-", id)));
    }
    Append(events);
  }
  const auto size = [&] {
    uint64_t bytes = 0;
    for (const fs::path& file : FilesIn(dir_.Path("backups"))) bytes += fs::file_size(file);
    return bytes;
  };
  const Backup first = MustCreate();
  const uint64_t before = size();
  Append({Booking("one-more", "D-X")});
  const Backup second = MustCreate();
  EXPECT_GT(second.bytes, first.bytes / 2);
  EXPECT_LT(size() - before, before / 4);
}

TEST_F(BackupTest, TheListSaysWhatEachBackupHolds) {
  EXPECT_THAT(ListBackups(rocksdb::Env::Default(), dir_.Path("backups")),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no backups")));
  const Backup first = MustCreate();
  Append({Booking("b-1", "D-1")});
  const Backup second = MustCreate();
  const auto list = ListBackups(rocksdb::Env::Default(), dir_.Path("backups"));
  ASSERT_THAT(list, IsOk());
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ((*list)[0].position, first.position);
  EXPECT_EQ((*list)[0].root, first.root);
  EXPECT_EQ((*list)[1].position, first.position + 1);
  EXPECT_EQ((*list)[1].id, second.id);
  EXPECT_EQ((*list)[1].origin(), ledger_->origin());
  EXPECT_TRUE((*list)[1].is_whole);
}

TEST_F(BackupTest, WithoutTheKeysAmountsAreThereAndNamesAreNot) {
  MustCreate();
  RestoreRequest request = Request();
  request.keys = "";
  const std::unique_ptr<Ledger> again = Restored(request);
  EXPECT_EQ(BytesOf(*again, 2), BytesOf(*ledger_, 2));
  EXPECT_EQ(NameAt(*again, 1), "");
  EXPECT_EQ(again->origin(), ledger_->origin());
  EXPECT_NE(again->log().verifier_key(), ledger_->log().verifier_key());
  // It signs anew, and goes on.
  EXPECT_TRUE(again->log().ListTreeHeads(0, ~uint64_t{0}, 10)->empty());
  EXPECT_THAT(again->Append({Person("p-ben", "ben", "Ben")}, {.actor = "tester"}), IsOk());
  EXPECT_THAT(again->log().SignTreeHead(), IsOk());
  EXPECT_EQ(NameAt(*again, 3), "Ben");
}

TEST_F(BackupTest, AnyFlippedByteOfTheLogsFilesIsRefusedAndNothingIsPutInPlace) {
  constexpr uint64_t kSeed = 20251129;
  const Backup backup = MustCreate();
  const std::string backups = dir_.Path("backups");
  fs::copy(backups, dir_.Path("sound"), fs::copy_options::recursive);
  for (uint64_t trial = 0; trial < 60; ++trial) {
    payfold_testing::RandomSource random(kSeed + trial);
    fs::remove_all(backups);
    fs::copy(dir_.Path("sound"), backups, fs::copy_options::recursive);
    std::vector<fs::path> files = FilesIn(absl::StrCat(backups, "/private"));
    for (const fs::path& file : FilesIn(absl::StrCat(backups, "/shared_checksum"))) {
      files.push_back(file);
    }
    const fs::path file = random.Pick(files);
    std::fstream content(file, std::ios::binary | std::ios::in | std::ios::out);
    const auto at = random.Between(0, static_cast<int64_t>(fs::file_size(file)) - 1);
    content.seekg(at);
    const auto byte = static_cast<char>(content.get() ^ (1 << random.Int(0, 7)));
    content.seekp(at);
    content.put(byte);
    content.close();
    const RestoreRequest request = Request(backup.id);
    EXPECT_THAT(RestoreLedger(request), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")))
        << "seed " << kSeed << " trial " << trial << " " << file;
    EXPECT_FALSE(fs::exists(absl::StrCat(request.data, "/ledgers/", request.ledger)));
    EXPECT_FALSE(fs::exists(absl::StrCat(request.data, "/restoring-", request.ledger)));
  }
}

TEST_F(BackupTest, ABackupThatIsNotWhatItWasMadeAsIsRefused) {
  const Backup first = MustCreate();
  Append({Booking("b-1", "D-1")});
  const Backup second = MustCreate();
  // The one says of itself what the other is.
  fs::copy_file(absl::StrCat(dir_.Path("backups"), "/stated/", first.id),
                absl::StrCat(dir_.Path("backups"), "/stated/", second.id),
                fs::copy_options::overwrite_existing);
  EXPECT_THAT(RestoreLedger(Request(second.id)),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("not as it was made")));
}

TEST_F(BackupTest, AMissingFileIsSaidInTheList) {
  MustCreate();
  for (const fs::path& file : FilesIn(dir_.Path("backups") + "/shared_checksum")) {
    fs::remove(file);
  }
  const auto list = ListBackups(rocksdb::Env::Default(), dir_.Path("backups"));
  ASSERT_THAT(list, IsOk());
  EXPECT_FALSE((*list)[0].is_whole);
  EXPECT_THAT(RestoreLedger(Request()), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(BackupTest, ABackupThatWasCutOffIsNoneAndIsRemovedByTheNext) {
  const Backup first = MustCreate();
  const Backup cut_off = MustCreate();
  fs::remove(absl::StrCat(dir_.Path("backups"), "/stated/", cut_off.id));
  EXPECT_EQ(ListBackups(rocksdb::Env::Default(), dir_.Path("backups"))->size(), 1U);
  MustCreate();
  const auto list = ListBackups(rocksdb::Env::Default(), dir_.Path("backups"));
  ASSERT_EQ(list->size(), 2U);
  EXPECT_EQ((*list)[0].id, first.id);
  EXPECT_NE(Restored(Request()), nullptr);
}

TEST_F(BackupTest, WhoWaitsForItStopsIt) {
  const auto stopped = CreateBackup(*ledger_, dir_.Path("backups"),
                                    [] { return absl::CancelledError("nobody waits"); });
  EXPECT_THAT(stopped, StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(ListBackups(rocksdb::Env::Default(), dir_.Path("backups")),
              StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(Create(), IsOk());
}

TEST_F(BackupTest, DirectoriesOfOthersAreLeftAlone) {
  MustCreate();
  const auto other = Ledger::Create(dir_.Path("other"), {.clock = &clock_});
  ASSERT_THAT(other, IsOk());
  const auto go_on = [] { return absl::OkStatus(); };
  EXPECT_THAT(CreateBackup(**other, dir_.Path("backups"), go_on),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another ledger")));
  EXPECT_THAT(CopyKeys(**other, dir_.Path("keys")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another ledger")));
  EXPECT_THAT(CreateBackup(*ledger_, dir_.Path("ledger") + "/backups", go_on),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in one another")));
  EXPECT_THAT(CreateBackup(*ledger_, dir_.Path("other"), go_on),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("holds no backups")));
  ASSERT_THAT(CreateBackup(**other, dir_.Path("others"), go_on), IsOk());
  RestoreRequest request = Request();
  request.backups = dir_.Path("others");
  EXPECT_THAT(RestoreLedger(request),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("its own keys")));
}

TEST_F(BackupTest, ALedgerThatIsThereIsNotReplaced) {
  MustCreate();
  RestoreRequest request = Request();
  ASSERT_NE(Restored(request), nullptr);
  EXPECT_THAT(RestoreLedger(request), StatusIs(absl::StatusCode::kAlreadyExists));
  request.backup_id = 99;
  EXPECT_THAT(RestoreLedger(request), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(BackupTest, DirectoriesThatLieInOneAnotherAreToldApart) {
  fs::create_directories(dir_.Path("a/b"));
  fs::create_directory_symlink(dir_.Path("a"), dir_.Path("link"));
  EXPECT_TRUE(Overlap(dir_.Path("a"), dir_.Path("a")));
  EXPECT_TRUE(Overlap(dir_.Path("a"), dir_.Path("a/b/")));
  EXPECT_TRUE(Overlap(dir_.Path("a/b/new"), dir_.Path("a")));
  EXPECT_TRUE(Overlap(dir_.Path("link/b"), dir_.Path("a")));
  EXPECT_TRUE(Overlap(dir_.Path("a/../a/b"), dir_.Path("a")));
  EXPECT_FALSE(Overlap(dir_.Path("a"), dir_.Path("ab")));
  EXPECT_FALSE(Overlap(dir_.Path("a/b"), dir_.Path("a/c")));
}

TEST_F(BackupTest, AnErasureReachesOlderCopiesOfKeysAtTheRestore) {
  Append({Person("p-ben", "ben", "Ben Example")});
  MustCreate();
  fs::copy(dir_.Path("keys"), dir_.Path("old-keys"), fs::copy_options::recursive);
  Append({Erasure("x-1", "ana")});
  MustCreate();
  RestoreRequest request = Request();
  request.keys = dir_.Path("old-keys");
  const std::unique_ptr<Ledger> again = Restored(request);
  EXPECT_EQ(NameAt(*again, 1), "");
  EXPECT_EQ(NameAt(*again, 3), "Ben Example");
}

TEST_F(BackupTest, TheKeyOfWhoReturnedAfterAnErasureIsKept) {
  Append({Erasure("x-1", "ana")});
  Append({Person("p-ana-2", "ana", "Ana Again")});
  MustCreate();
  const std::unique_ptr<Ledger> again = Restored(Request());
  EXPECT_EQ(NameAt(*again, 1), "");
  EXPECT_EQ(NameAt(*again, 4), "Ana Again");
}

TEST_F(BackupTest, ACopyOfKeysIsReplacedSoThatDestroyedKeysDoNotLiveOn) {
  MustCreate();
  const std::string key = **ledger_->keys().FindKey("ana");
  const auto holds_key = [&] {
    for (const fs::path& file : FilesIn(dir_.Path("keys"))) {
      std::ifstream in(file, std::ios::binary);
      const std::string content((std::istreambuf_iterator<char>(in)), {});
      if (content.find(key) != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_TRUE(holds_key());
  Append({Erasure("x-1", "ana")});
  ASSERT_THAT(CopyKeys(*ledger_, dir_.Path("keys")), IsOk());
  EXPECT_FALSE(holds_key());
}

}  // namespace
}  // namespace payfold
