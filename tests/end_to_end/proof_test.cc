// Proofs of the real binary, and what it says of a ledger that somebody changed.

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"

namespace payfold {
namespace {

namespace fs = std::filesystem;
using ::payfold_testing::Finished;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

// The ledger of the demo: 89 events.
class Proof : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    dir_ = new TempDir();
    CHECK(RunPayfold({"demo", "--data", dir_->Path("data")}).exit_code == 0);
    const std::string head = Must({"tree-head"});
    const std::string mark = "verifier key: ";
    key_ = new std::string(head.substr(head.find(mark) + mark.size()));
    key_->pop_back();
  }
  static void TearDownTestSuite() {
    delete key_;
    delete dir_;
  }

  static std::string Must(Words words) {
    words.insert(words.end(), {"--data", dir_->Path("data")});
    const Finished finished = RunPayfold(words);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    return finished.out;
  }

  static std::string FileOf(const std::string& name, const std::string& content) {
    std::ofstream file(dir_->Path(name), std::ios::binary);
    file << content;
    file.close();
    CHECK(file.good());
    return dir_->Path(name);
  }
  static std::string ProofOf(uint64_t position) {
    return FileOf(absl::StrCat(position, ".tlog-proof"),
                  Must({"proof", "inclusion", absl::StrCat(position)}));
  }

  // Anywhere: no ledger is named.
  static Finished Check(Words words) {
    words.insert(words.begin(), {"proof", "check"});
    return RunPayfold(words);
  }
  static void ExpectHolds(const Words& words, const std::string& says) {
    const Finished finished = Check(words);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    EXPECT_THAT(finished.out, AllOf(HasSubstr(says), Not(HasSubstr("DOES NOT"))));
  }
  static void ExpectRefused(const Words& words, int exit_code, const std::string& says) {
    const Finished finished = Check(words);
    EXPECT_EQ(finished.exit_code, exit_code) << finished.out;
    EXPECT_THAT(finished.err, HasSubstr(says));
  }

  static TempDir* dir_;
  static std::string* key_;
};

TempDir* Proof::dir_ = nullptr;
std::string* Proof::key_ = nullptr;

TEST_F(Proof, OneFileAndTheKeyProveAnEventToAStranger) {
  const std::string file = ProofOf(12);
  ExpectHolds({file, "--key", *key_}, "the event is at position 12 of the log of payfold.local/");
  EXPECT_THAT(Check({file, "--key", *key_}).out, HasSubstr("\"plan_assigned\""));
  EXPECT_THAT(Check({file, "--key", *key_, "--json"}).out, HasSubstr("\"holds\": true"));
}

TEST_F(Proof, ATreeHeadThatIsTrustedStandsForTheKey) {
  const std::string head = FileOf("now.tree-head", Must({"tree-head", "--note"}));
  ExpectHolds({ProofOf(1), "--tree-head", head}, "not checked");
  ExpectRefused({ProofOf(1)}, 2, "--key: ");
}

TEST_F(Proof, TheEventMayComeApart) {
  const std::string bare =
      FileOf("bare.tlog-proof", Must({"proof", "inclusion", "7", "--without-event"}));
  const std::string event =
      FileOf("7.event", Must({"log", "--raw", "--from", "7", "--limit", "1"}));
  const std::string other =
      FileOf("8.event", Must({"log", "--raw", "--from", "8", "--limit", "1"}));
  ExpectHolds({bare, "--event", event, "--key", *key_}, "position 7");
  ExpectRefused({bare, "--key", *key_}, 2, "--event: ");
  ExpectRefused({bare, "--event", other, "--key", *key_}, 1, "the inclusion does not hold");
}

TEST_F(Proof, ALaterTreeHeadContinuesAnEarlierOne) {
  const std::string first = FileOf("first.tree-head", Must({"tree-head", "--note"}));
  const std::string events = FileOf(
      "more.jsonl",
      R"({"event_id":"more-1","source":"crm","deal_booked":{"deal_id":"M-1","owner_id":"ana",)"
      R"("booked_on":"2025-09-02","amount":{"currency":"USD","minor_units":5000000}}})"
      "\n");
  Must({"append", events});
  const std::string proof = FileOf("proof", Must({"proof", "consistency", "89", "0"}));
  ExpectHolds({proof, "--tree-head", first, "--key", *key_}, "continues the one of size 89");
  ExpectRefused({proof, "--key", *key_}, 2, "--tree-head: ");
  // The one of before is still given, and a proof for it.
  std::ifstream kept(first, std::ios::binary);
  EXPECT_EQ(Must({"tree-head", "--note", "--size", "89"}),
            std::string((std::istreambuf_iterator<char>(kept)), std::istreambuf_iterator<char>()));
  ExpectHolds({FileOf("old.tlog-proof", Must({"proof", "inclusion", "3", "--size", "89"})),
               "--tree-head", first, "--key", *key_},
              "as signed at size 89");
}

TEST_F(Proof, AnyChangedByteOfTheFileIsRefused) {
  const std::string file = ProofOf(30);
  std::ifstream in(file, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  // One byte in seven, as each is a process.
  for (size_t i = 0; i < text.size(); i += 7) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const Finished finished = Check({FileOf("changed", changed), "--key", *key_});
    EXPECT_EQ(finished.exit_code, 1) << "byte " << i << finished.out;
    EXPECT_THAT(finished.err, StartsWith("payfold: "));
  }
}

TEST_F(Proof, AnImplementationFromTheSpecificationAloneAgrees) {
  const std::string check = absl::StrCat("/usr/bin/python3 ", PAYFOLD_CHECK_PROOF, " ");
  if (std::system("/usr/bin/python3 -c 'import cryptography' 2> /dev/null") != 0) {
    ASSERT_EQ(std::getenv("CI"), nullptr);
    GTEST_SKIP() << "no python3-cryptography; tools/setup installs it";
  }
  const auto agrees = [&](const std::string& file, const std::string& key) {
    return std::system(absl::StrCat(check, "'", key, "' ", file, " > /dev/null 2>&1").c_str()) == 0;
  };
  EXPECT_TRUE(agrees(FileOf("head", Must({"tree-head", "--note"})), *key_));
  const std::string other = absl::StrReplaceAll(*key_, {{"payfold.local", "payfold.other"}});
  for (const uint64_t position : {1, 2, 64, 65, 88, 89}) {
    const std::string file = ProofOf(position);
    EXPECT_TRUE(agrees(file, *key_)) << position;
    EXPECT_FALSE(agrees(file, other)) << position;
  }
  const std::string text = Must({"proof", "inclusion", "5"});
  EXPECT_FALSE(agrees(FileOf("wrong", absl::StrReplaceAll(text, {{"index 4", "index 5"}})), *key_));
}

// The tables that hold events.
std::vector<fs::path> Tables(const std::string& directory) {
  std::vector<fs::path> tables;
  for (const auto& entry : fs::directory_iterator(directory)) {
    if (entry.path().extension() == ".sst") tables.push_back(entry.path());
  }
  std::sort(tables.begin(), tables.end());
  return tables;
}

TEST_F(Proof, VerifySaysWhatHoldsAndWhatDoesNot) {
  const std::string head = FileOf("kept.tree-head", Must({"tree-head", "--note"}));
  const std::string verdict = Must({"verify", "--tree-head", head, "--key", *key_});
  EXPECT_THAT(verdict, AllOf(HasSubstr("the ledger holds: "), HasSubstr("projections"),
                             Not(HasSubstr("not checked"))));
  const std::string log = "data/ledgers/main/log";
  int named = 0;
  for (const fs::path& table : Tables(dir_->Path(log))) {
    const std::string copy = dir_->Path("spoilt");
    fs::remove_all(copy);
    fs::copy(dir_->Path("data"), copy, fs::copy_options::recursive);
    const std::string spoilt = absl::StrCat(copy, "/ledgers/main/log/", table.filename().string());
    // The whole end of the table: RocksDB does not even open it.
    fs::resize_file(spoilt, fs::file_size(spoilt) / 2);
    const Finished finished = RunPayfold({"verify", "--tree-head", head, "--data", copy});
    EXPECT_EQ(finished.exit_code, 1) << finished.out;
    EXPECT_THAT(finished.err,
                AllOf(HasSubstr(table.filename().string()), HasSubstr("does not hold")));
    // The first event that the table holds is the first that cannot be read.
    const std::regex begins("blocks of events that begin at positions ([0-9]+) to");
    std::smatch match;
    if (!std::regex_search(finished.out, match, begins)) continue;
    ++named;
    EXPECT_THAT(finished.out,
                HasSubstr(absl::StrCat("position ", match[1].str(), ": it cannot be read")));
  }
  EXPECT_GE(named, 1) << "of the tables at least one has events";
}

TEST_F(Proof, VerifyRefusesAnotherKeyAndAnotherLogsTreeHead) {
  const TempDir other;
  ASSERT_EQ(RunPayfold({"init", "--currency", "USD", "--data", other.Path("data")}).exit_code, 0);
  const Finished head = RunPayfold({"tree-head", "--note", "--data", other.Path("data")});
  const Finished finished = RunPayfold(
      {"verify", "--tree-head", FileOf("other", head.out), "--data", dir_->Path("data")});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_THAT(finished.err, HasSubstr("the tree head from outside does not hold"));
  const Finished keyed = RunPayfold({"verify", "--key", *key_, "--data", other.Path("data")});
  EXPECT_EQ(keyed.exit_code, 1);
  EXPECT_THAT(keyed.err, HasSubstr("the record of the key does not hold"));
}

}  // namespace
}  // namespace payfold
