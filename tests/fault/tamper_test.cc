// A closed log whose files or records somebody changed: the audit finds each
// change, and names a place. Who can change every record consistently is found by a
// tree head that was kept elsewhere, and by nothing else.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/stored_event.h"
#include "ledger/base/coding.h"
#include "ledger/log/block.h"
#include "ledger/log/database.h"
#include "ledger/log/fsck.h"
#include "payfold/v1/event.pb.h"
#include "tests/fault/deal_batches.h"
#include "tests/ledger/log/test_log.h"
#include "tests/support/fake_clock.h"
#include "tests/support/random_source.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

namespace fs = std::filesystem;
using ::payfold_testing::AppendNew;
using ::payfold_testing::DealBatch;
using ::payfold_testing::FakeClock;
using ::payfold_testing::IsOk;
using ::payfold_testing::RandomSource;
using ::payfold_testing::TempDir;
using ::payfold_testing::TestOptions;

using Batch = std::vector<NewEvent>;

constexpr uint64_t kSeed = 20251127;

// About 300 events, in blocks of a few to many.
std::vector<Batch> Batches() {
  std::vector<Batch> batches;
  uint64_t number = 0;
  for (const uint64_t together : {1, 2, 20, 1, 30, 3, 25, 1, 5}) {
    Batch batch;
    for (uint64_t i = 0; i < together; ++i) {
      Batch more = DealBatch(++number);
      std::move(more.begin(), more.end(), std::back_inserter(batch));
    }
    batches.push_back(std::move(batch));
  }
  return batches;
}

// Writes the batches at the times they had; signs a tree head after each of them.
std::unique_ptr<EventLog> WriteLog(const std::string& directory, const std::vector<Batch>& batches,
                                   char seed) {
  static auto* const clock = new FakeClock();
  clock->Set(FakeClock().Now());
  LogOptions options = TestOptions(rocksdb::Env::Default(), clock, directory);
  options.signing_seed = std::string(32, seed);
  absl::StatusOr<std::unique_ptr<EventLog>> log = EventLog::Create(options);
  EXPECT_THAT(log, IsOk());
  for (const Batch& batch : batches) {
    EXPECT_THAT(AppendNew(**log, batch), IsOk());
    EXPECT_THAT((*log)->SignTreeHead(), IsOk());
    clock->Advance(absl::Seconds(7));
  }
  return *std::move(log);
}

class Tampering : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = new TempDir();
    const std::unique_ptr<EventLog> log = WriteLog(dir_->Path("original"), Batches(), 's');
    kept_ = new std::vector<TreeHead>(*log->ListTreeHeads(0, ~uint64_t{0}, 100));
    key_ = new std::string(log->verifier_key());
    head_ = log->head();
    // As a power cut leaves it: what was appended is in the write-ahead log.
    fs::copy(dir_->Path("original"), dir_->Path("crashed"), fs::copy_options::recursive);
  }
  static void TearDownTestSuite() {
    delete key_;
    delete kept_;
    delete dir_;
  }

  // A copy that may be spoilt.
  static std::string Copy(const std::string& of = "original") {
    const std::string copy = dir_->Path("copy");
    fs::remove_all(copy);
    fs::copy(dir_->Path(of), copy, fs::copy_options::recursive);
    return copy;
  }
  static LogDatabase::Options Where(const std::string& directory) {
    return {.directory = directory, .env = rocksdb::Env::Default(), .block_cache_bytes = 1 << 20};
  }
  // Beside the log: the tree head of the third batch.
  static const TreeHead& Earlier() { return (*kept_)[2]; }

  static FsckReport Audit(const std::string& directory, const TreeHead& outside) {
    FsckOptions options;
    options.outside_tree_head = outside.note;
    options.verifier_key = *key_;
    options.check_payload = CheckStoredEvent;
    absl::StatusOr<FsckReport> report = AuditLogAt(Where(directory), options);
    EXPECT_THAT(report, IsOk());
    return report.ok() ? *std::move(report) : FsckReport();
  }

  // Every finding names something and says what is wrong with it.
  static std::vector<std::string> Findings(const FsckReport& report) {
    std::vector<std::string> findings;
    for (const CheckResult& check : report.verdict.checks()) {
      if (check.outcome != CheckOutcome::kDoesNotHold) continue;
      EXPECT_NE(SubjectOf(check.finding), "position 0");
      EXPECT_NE(check.finding.detail, "");
      findings.push_back(absl::StrCat(check.name, ": ", TextOf(check.finding)));
    }
    return findings;
  }
  // The first position that any finding names; 0 if none does.
  static uint64_t FirstPosition(const FsckReport& report) {
    uint64_t first = 0;
    for (const CheckResult& check : report.verdict.checks()) {
      const uint64_t position = check.finding.position;
      if (position != 0 && (first == 0 || position < first)) first = position;
    }
    return first;
  }

  static TempDir* dir_;
  static std::vector<TreeHead>* kept_;
  static std::string* key_;
  static uint64_t head_;
};

TempDir* Tampering::dir_ = nullptr;
std::vector<TreeHead>* Tampering::kept_ = nullptr;
std::string* Tampering::key_ = nullptr;
uint64_t Tampering::head_ = 0;

// One block, as a mutable list of events.
struct OpenBlock {
  std::string key;
  std::vector<EventView> events;
  std::vector<std::string> bytes;  // What the events point to.
  std::vector<std::vector<uint32_t>> participants;
};

// The records of one family.
std::vector<std::pair<std::string, std::string>> Records(const LogDatabase& database,
                                                         Family family) {
  std::vector<std::pair<std::string, std::string>> records;
  const std::unique_ptr<rocksdb::Iterator> all = database.NewIterator(family);
  for (all->SeekToFirst(); all->Valid(); all->Next()) {
    records.emplace_back(all->key().ToString(), all->value().ToString());
  }
  return records;
}

OpenBlock OpenBlockOf(const std::pair<std::string, std::string>& record) {
  OpenBlock open;
  open.key = record.first;
  absl::StatusOr<BlockView> block = BlockView::Parse(record.second);
  EventView event;
  while (block->Next(&event)) {
    open.events.push_back(event);
    open.bytes.emplace_back(event.bytes);
    open.participants.emplace_back(event.participants.begin(), event.participants.end());
  }
  return open;
}

// The block again, positions from its first one on.
std::string Closed(OpenBlock open) {
  BlockBuilder builder;
  const uint64_t first = open.events[0].position;
  int64_t last = open.events[0].recorded_at_micros;
  for (size_t i = 0; i < open.bytes.size(); ++i) {
    EventView event = open.events[i];
    event.position = first + i;
    last = event.recorded_at_micros = std::max(last, event.recorded_at_micros);
    event.bytes = open.bytes[i];
    event.participants = open.participants[i];
    builder.Add(event);
  }
  return builder.Finish();
}

void Put(const LogDatabase& database, Family family, const std::string& key,
         const std::string& value) {
  EXPECT_TRUE(database.rocks()->Put({}, database.family(family), key, value).ok());
}

// Changes the first amount of a deal that is booked; false if there is none.
bool ChangeAmount(std::string* stored) {
  absl::StatusOr<v1::Event> event = DecodeEvent(*stored);
  if (!event.ok() || !event->has_deal_booked()) return false;
  v1::Money* amount = event->mutable_deal_booked()->mutable_amount();
  amount->set_minor_units(amount->minor_units() + 1);
  *stored = event->SerializeAsString();
  return true;
}

enum class Change { kFlip, kRemove, kSwap, kInsert, kAppend, kValue };
constexpr const char* kChangeNames[] = {"flips a byte",     "removes an event", "swaps two events",
                                        "inserts an event", "appends an event", "changes a value"};

// Does it to a block chosen at random; gives the position of the first event that is
// not what it was, 0 if the change was not possible.
uint64_t ChangeBlock(const LogDatabase& database, Change change, RandomSource* random) {
  const auto blocks = Records(database, Family::kBlocks);
  const auto& record = change == Change::kAppend ? blocks.back() : random->Pick(blocks);
  OpenBlock open = OpenBlockOf(record);
  const size_t count = open.events.size();
  auto at = static_cast<size_t>(random->Between(0, static_cast<int64_t>(count) - 1));
  const auto move = [&open](size_t from, auto edit) {
    edit(&open.events, from);
    edit(&open.bytes, from);
    edit(&open.participants, from);
  };
  switch (change) {
    case Change::kFlip: {
      std::string& bytes = open.bytes[at];
      bytes[static_cast<size_t>(random->Between(0, static_cast<int64_t>(bytes.size()) - 1))] ^=
          static_cast<char>(1 << random->Int(0, 7));
      break;
    }
    case Change::kRemove:
      if (count == 1) return 0;
      move(at, [](auto* list, size_t i) { list->erase(list->begin() + static_cast<long>(i)); });
      break;
    case Change::kSwap:
      if (at + 1 == count) return 0;
      move(at, [](auto* list, size_t i) { std::swap((*list)[i], (*list)[i + 1]); });
      open.events[0].position = GetBig64(open.key);
      break;
    case Change::kInsert:
    case Change::kAppend:
      if (change == Change::kAppend) at = count - 1;
      move(at, [](auto* list, size_t i) {
        auto copy = (*list)[i];
        list->insert(list->begin() + static_cast<long>(i) + 1, copy);
      });
      ++at;
      break;
    case Change::kValue:
      if (!ChangeAmount(&open.bytes[at])) return 0;
      break;
  }
  open.events[0].position = GetBig64(open.key);
  Put(database, Family::kBlocks, open.key, Closed(open));
  return GetBig64(open.key) + at;
}

TEST_F(Tampering, AnUnchangedLogHolds) {
  for (const char* of : {"original", "crashed"}) {
    const FsckReport report = Audit(Copy(of), Earlier());
    EXPECT_THAT(Findings(report), testing::IsEmpty()) << of;
    EXPECT_THAT(report.verdict.status(), IsOk());
    EXPECT_EQ(report.events, head_);
  }
}

TEST_F(Tampering, AChangeOfEventsThroughTheDatabaseIsFoundWhereItIs) {
  std::cout << "seed " << kSeed << std::endl;
  for (int trial = 0; trial < 180; ++trial) {
    RandomSource random(kSeed + static_cast<uint64_t>(trial));
    const auto change = static_cast<Change>(trial % 6);
    const std::string copy = Copy();
    uint64_t position = 0;
    {
      const auto database = LogDatabase::Open(Where(copy), *key_);
      ASSERT_THAT(database, IsOk());
      while (position == 0) position = ChangeBlock(**database, change, &random);
    }
    const FsckReport report = Audit(copy, Earlier());
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " trial ", trial, " ", kChangeNames[trial % 6],
                              " at ", position));
    EXPECT_THAT(Findings(report), testing::Not(testing::IsEmpty()));
    EXPECT_EQ(FirstPosition(report), position) << absl::StrJoin(Findings(report), "\n");
  }
}

TEST_F(Tampering, AChangeOfAnyOtherRecordIsFound) {
  constexpr Family kFamilies[] = {
      Family::kMeta,         Family::kBlocks,         Family::kEventIds,
      Family::kStreams,      Family::kStreamNames,    Family::kStreamEvents,
      Family::kParticipants, Family::kParticipantIds, Family::kParticipantBlocks,
      Family::kKindBlocks,   Family::kLeafHashes,     Family::kSubtreeRoots,
      Family::kTreeHeads};
  for (int trial = 0; trial < 130; ++trial) {
    RandomSource random(kSeed + 1'000 + static_cast<uint64_t>(trial));
    const Family family = kFamilies[trial % 13];
    const std::string copy = Copy();
    bool removed = false;
    {
      const auto database = LogDatabase::Open(Where(copy), *key_);
      ASSERT_THAT(database, IsOk());
      auto [key, value] = random.Pick(Records(**database, family));
      // Not what the events do not say: the format, content digests, times of signing.
      if (key == kFormatKey) continue;
      size_t first = 0;
      size_t last = value.size();
      if (family == Family::kEventIds) last -= sizeof(ContentDigest);
      if (family == Family::kTreeHeads) first = value.find("test.example");
      removed = value.empty() || random.Chance(20);
      // A kept tree head that is gone leaves no trace in the directory.
      if (family == Family::kTreeHeads) removed = false;
      if (removed) {
        ASSERT_TRUE((*database)->rocks()->Delete({}, (*database)->family(family), key).ok());
      } else {
        value[static_cast<size_t>(
            random.Between(static_cast<int64_t>(first), static_cast<int64_t>(last) - 1))] ^=
            static_cast<char>(1 << random.Int(0, 7));
        Put(**database, family, key, value);
      }
    }
    const FsckReport report = Audit(copy, Earlier());
    EXPECT_THAT(Findings(report), testing::Not(testing::IsEmpty()))
        << "seed " << kSeed << " trial " << trial << " " << FamilyName(family)
        << (removed ? " removed" : " flipped");
  }
}

// Writes the log anew with one change: every record follows from the changed events.
// Gives the position of the change.
uint64_t Forge(const std::string& directory, Change change, RandomSource* random, char seed) {
  std::vector<Batch> batches = Batches();
  const auto number = static_cast<size_t>(random->Between(0, std::ssize(batches) - 1));
  uint64_t before = 0;
  for (size_t i = 0; i < number; ++i) before += batches[i].size();
  Batch& batch = batches[change == Change::kAppend ? batches.size() - 1 : number];
  auto at = static_cast<size_t>(random->Between(0, std::ssize(batch) - 1));
  switch (change) {
    case Change::kRemove:
      batch.erase(batch.begin() + static_cast<long>(at));
      break;
    case Change::kSwap:
      if (at + 1 == batch.size()) return 0;
      std::swap(batch[at], batch[at + 1]);
      break;
    case Change::kInsert: {
      NewEvent another = DealBatch(1'000)[0];
      batch.insert(batch.begin() + static_cast<long>(at), another);
      break;
    }
    case Change::kFlip:
    case Change::kValue:
      if (!ChangeAmount(&batch[at].body)) return 0;
      break;
    case Change::kAppend:
      batches.push_back({DealBatch(1'000)[0]});
      before = 0;
      for (size_t i = 0; i + 1 < batches.size(); ++i) before += batches[i].size();
      at = 0;
      break;
  }
  batches.erase(
      std::remove_if(batches.begin(), batches.end(), [](const Batch& one) { return one.empty(); }),
      batches.end());
  WriteLog(directory, batches, seed);
  return before + at + 1;
}

// The attacker cannot sign as the ledger. What is kept of the true tree heads is
// left out, put back as it was, or left signed by another key.
TEST_F(Tampering, WhoRewritesEverythingIsFoundByTheTreeHeadThatWasKeptElsewhere) {
  std::cout << "seed " << kSeed << std::endl;
  int found = 0;
  for (int trial = 0; trial < 45; ++trial) {
    RandomSource random(kSeed + 2'000 + static_cast<uint64_t>(trial));
    const auto change = static_cast<Change>(1 + trial % 5);
    const int heads = trial % 3;
    const std::string copy = dir_->Path("copy");
    uint64_t position = 0;
    while (position == 0) {
      fs::remove_all(copy);
      position = Forge(copy, change, &random, 'x');
    }
    {
      LogOptions options = TestOptions(rocksdb::Env::Default(), nullptr, copy);
      const std::string forged_key =
          TreeHeadSigner::Make(options.origin, std::string(32, 'x'))->verifier_key();
      const auto database = LogDatabase::Open(Where(copy), forged_key);
      ASSERT_THAT(database, IsOk());
      Put(**database, Family::kMeta, std::string(kVerifierKey), *key_);
      for (const auto& [key, value] : Records(**database, Family::kTreeHeads)) {
        if (heads == 2) continue;
        ASSERT_TRUE(
            (*database)->rocks()->Delete({}, (*database)->family(Family::kTreeHeads), key).ok());
      }
      for (const TreeHead& head : *kept_) {
        const Key8 key = MakeKey(head.size);
        if (heads == 1 && head.size < position) {
          Put(**database, Family::kTreeHeads, std::string(AsBytes(key)), EncodeTreeHead(head));
        }
      }
    }
    // The latest one covers the change, unless that is beyond it.
    const TreeHead& latest = kept_->back();
    const FsckReport report = Audit(copy, latest);
    SCOPED_TRACE(absl::StrCat("seed ", kSeed, " trial ", trial, " ",
                              kChangeNames[static_cast<int>(change)], " at ", position));
    const std::string findings = absl::StrJoin(Findings(report), "\n");
    EXPECT_EQ(report.verdict.Holds(kTreeHeadsCheck), heads != 2) << findings;
    for (const absl::string_view check :
         {kFilesCheck, kEventsCheck, kTreeCheck, kKeyCheck, kIndexesCheck}) {
      EXPECT_TRUE(report.verdict.Holds(check)) << findings;
    }
    EXPECT_EQ(report.verdict.Holds(kOutsideCheck), position > latest.size) << findings;
    if (position > latest.size) {
      // No different from an event that was appended; only a later tree head could tell.
      EXPECT_GT(report.events, latest.size);
      continue;
    }
    ++found;
    EXPECT_THAT(findings, testing::HasSubstr("the tree head from outside, of size"));
  }
  EXPECT_GT(found, 30);
}

void FlipByteOf(const fs::path& file, RandomSource* random) {
  std::fstream content(file, std::ios::binary | std::ios::in | std::ios::out);
  const auto at = random->Between(0, static_cast<int64_t>(fs::file_size(file)) - 1);
  content.seekg(at);
  const auto byte = static_cast<char>(content.get() ^ (1 << random->Int(0, 7)));
  content.seekp(at);
  content.put(byte);
}

std::vector<fs::path> FilesOf(const std::string& directory, absl::string_view extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == std::string(extension) && entry.file_size() > 0) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST_F(Tampering, AFlippedByteOfAnyTableIsFound) {
  std::cout << "seed " << kSeed << std::endl;
  for (int trial = 0; trial < 130; ++trial) {
    RandomSource random(kSeed + 3'000 + static_cast<uint64_t>(trial));
    const std::string copy = Copy();
    const fs::path file = random.Pick(FilesOf(copy, ".sst"));
    FlipByteOf(file, &random);
    const FsckReport report = Audit(copy, Earlier());
    EXPECT_FALSE(report.verdict.Holds(kFilesCheck)) << "seed " << kSeed << " trial " << trial;
    const std::string findings = absl::StrJoin(Findings(report), "\n");
    EXPECT_THAT(findings, testing::HasSubstr(file.filename().string()));
    if (absl::StrContains(findings, "blocks of events")) {
      EXPECT_GT(FirstPosition(report), 0u) << findings;
    }
  }
}

TEST_F(Tampering, AFlippedByteOfTheWriteAheadLogIsFound) {
  std::cout << "seed " << kSeed << std::endl;
  ASSERT_THAT(FilesOf(dir_->Path("crashed"), ".log"), testing::Not(testing::IsEmpty()));
  for (int trial = 0; trial < 60; ++trial) {
    RandomSource random(kSeed + 4'000 + static_cast<uint64_t>(trial));
    const std::string copy = Copy("crashed");
    FlipByteOf(random.Pick(FilesOf(copy, ".log")), &random);
    // A byte that makes the last record look cut off by the power is found by the
    // tree head alone.
    const FsckReport report = Audit(copy, kept_->back());
    EXPECT_THAT(Findings(report), testing::Not(testing::IsEmpty()))
        << "seed " << kSeed << " trial " << trial;
  }
}

TEST_F(Tampering, ADatabaseThatCannotBeReadAtAllIsSaidSo) {
  const std::string copy = Copy();
  for (const auto& entry : fs::directory_iterator(copy)) {
    if (absl::StartsWith(entry.path().filename().string(), "MANIFEST")) {
      std::ofstream(entry.path(), std::ios::binary) << "nothing of the sort";
    }
  }
  const FsckReport report = Audit(copy, Earlier());
  EXPECT_THAT(Findings(report), testing::ElementsAre(testing::HasSubstr("from position 1 on")));
  for (const CheckResult& check : report.verdict.checks()) {
    EXPECT_NE(check.outcome, CheckOutcome::kHolds) << check.name;
  }
}

TEST_F(Tampering, LookingChangesNothing) {
  const auto content = [](const std::string& directory) {
    std::vector<std::pair<std::string, uintmax_t>> files;
    for (const auto& entry : fs::directory_iterator(directory)) {
      files.emplace_back(entry.path().filename().string(), entry.file_size());
    }
    std::sort(files.begin(), files.end());
    return files;
  };
  const std::string copy = Copy("crashed");
  const auto before = content(copy);
  Audit(copy, Earlier());
  EXPECT_EQ(content(copy), before);
}

}  // namespace
}  // namespace payfold
