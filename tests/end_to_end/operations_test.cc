// What the law asks of personal data and what must be there after a fire, with the binary
// itself: an erased person is named nowhere while amounts stay, and a backup that was
// taken from a server at work is a ledger again.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/end_to_end/server_process.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"

namespace payfold {
namespace {

namespace fs = std::filesystem;
using ::payfold_testing::Finished;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::ServerProcess;
using ::payfold_testing::TempDir;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPlan[] =
    "plan_id: ae-2025\ncurrency: USD\neffective: {start: 2025-01-01}\n"
    "eligibility: {roles: [ae]}\n"
    "components:\n- component_id: commission\n  measure: {deals: {value: AMOUNT}}\n"
    "  payout: {rate: 10%}\n";
constexpr char kName[] = "Ana Exampleton";

using Words = std::vector<std::string>;

class Operations : public testing::Test {
 protected:
  Operations() {
    Run({"init", "--currency", "USD"});
    std::ofstream(dir_.Path("plan.yaml")) << kPlan;
    Run({"plan", "publish", dir_.Path("plan.yaml"), "--as", "petra"});
    Fact("participant_changed",
         absl::StrCat(R"("participant_id":"ana","role":"ae","effective_from":"2024-01-01",)"
                      R"("status":"ACTIVE","email":"ana.exampleton@example.com",)"
                      R"("display_name":")",
                      kName, "\""));
    Fact("participant_changed",
         R"("participant_id":"ben","role":"ae","effective_from":"2024-01-01",)"
         R"("status":"ACTIVE","display_name":"Ben Example")");
    for (const char* month : {"01", "02", "03"}) {
      Book("ana", month, 100'000);
      Book("ben", month, 50'000);
    }
    Fact("dispute_opened", absl::StrCat(R"("dispute_id":"Q-1","participant_id":"ana",)"
                                        R"("period":"2025-01","text":"I am )",
                                        kName, " and ask about D1\""));
    Close("2025-01");
  }

  Finished RunAny(Words words, const std::string& input = "", const std::string& data = "data") {
    words.insert(words.end(), {"--data", dir_.Path(data)});
    return RunPayfold(words, {.input = input});
  }
  std::string Run(const Words& words, const std::string& input = "",
                  const std::string& data = "data") {
    const Finished done = RunAny(words, input, data);
    EXPECT_EQ(done.exit_code, 0) << absl::StrJoin(words, " ") << ": " << done.err;
    return done.out;
  }
  void Fact(const std::string& kind, const std::string& fields) {
    Run({"append", "-"}, absl::StrCat(R"({"event_id":"f)", ++facts_, R"(","source":"test",")", kind,
                                      "\":{", fields, "}}\n"));
  }
  void Book(const std::string& owner, const std::string& month, int64_t cents) {
    Fact("deal_booked",
         absl::StrCat(R"("deal_id":"D)", facts_, R"(","owner_id":")", owner,
                      R"(","booked_on":"2025-)", month,
                      R"(-10","amount":{"currency":"USD","minor_units":)", cents, "}"));
  }
  void Close(const std::string& period) {
    Run({"period", "close", period, "--as", "carla"});
    Run({"period", "approve", period, "--as", "olga"});
  }

  // Everything that is printed about the ledger's people, by command.
  std::map<std::string, std::string> Printed(const std::string& data = "data") {
    std::map<std::string, std::string> printed;
    const std::vector<Words> kCommands = {{"log"},
                                          {"statement", "ana", "2025-01"},
                                          {"statement", "ana", "2025-02"},
                                          {"balances"},
                                          {"lines"},
                                          {"leaderboard", "2025-Q1"},
                                          {"attainment", "2025-Q1"},
                                          {"period", "list"},
                                          {"period", "preview"},
                                          {"period", "openings"},
                                          {"exceptions"},
                                          {"rewards"},
                                          {"forecast", "-", "2025-Q1"},
                                          {"plan", "list"},
                                          {"journal"}};
    for (const Words& command : kCommands) {
      std::vector<Words> formats = {{}, {"--json"}, {"--csv"}};
      if (command[0] == "statement") formats.push_back({"--html"});
      if (command[0] == "journal") formats.push_back({"--format", "beancount"});
      for (const Words& format : formats) {
        Words words = command;
        words.insert(words.end(), format.begin(), format.end());
        // Some have no rows, or no table of them.
        printed[absl::StrJoin(words, " ")] = RunAny(words, "", data).out;
      }
    }
    return printed;
  }
  static Words NamedIn(const std::map<std::string, std::string>& printed) {
    Words named;
    for (const auto& [command, text] : printed) {
      if (text.find("Exampleton") != std::string::npos ||
          text.find("exampleton") != std::string::npos) {
        named.push_back(command);
      }
    }
    return named;
  }
  Words FilesWith(const std::string& text) {
    Words files;
    for (const auto& entry : fs::recursive_directory_iterator(dir_.Path("data"))) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string content((std::istreambuf_iterator<char>(in)), {});
      if (content.find(text) != std::string::npos) files.push_back(entry.path());
    }
    return files;
  }
  // Amounts alone, as programs read them.
  std::string Amounts(const std::string& data = "data") {
    return absl::StrCat(Run({"balances", "--csv"}, "", data), Run({"lines", "--csv"}, "", data),
                        Run({"statement", "ana", "2025-01", "--csv"}, "", data),
                        Run({"statement", "ana", "2025-02", "--csv"}, "", data),
                        Run({"journal", "--csv"}, "", data));
  }

  TempDir dir_;
  int facts_ = 0;
};

TEST_F(Operations, AnErasedPersonIsNamedNowhereAndAmountsStay) {
  EXPECT_THAT(NamedIn(Printed()), Not(IsEmpty()));
  const std::string amounts = Amounts();
  const std::string head = Run({"tree-head", "--note"});
  std::ofstream(dir_.Path("before.tree-head")) << head;
  EXPECT_THAT(Run({"erase", "ana", "--reason", "request 17", "--as", "dpo"}),
              HasSubstr("ana is erased"));

  EXPECT_THAT(NamedIn(Printed()), IsEmpty());
  EXPECT_THAT(FilesWith("Exampleton"), IsEmpty());
  EXPECT_THAT(FilesWith("exampleton@"), IsEmpty());
  EXPECT_EQ(Amounts(), amounts);
  // The other one is who he was.
  EXPECT_THAT(Run({"log", "--json"}), HasSubstr("Ben Example"));
  // Every byte is as it was, and what was signed before holds.
  EXPECT_THAT(Run({"verify", "--tree-head", dir_.Path("before.tree-head")}),
              HasSubstr("the ledger holds"));
  Run({"rebuild"});
  EXPECT_EQ(Amounts(), amounts);
}

TEST_F(Operations, ClosesAfterAnErasureGoOnAndAreDerivedAgain) {
  const std::string preview = Run({"period", "preview", "2025-02", "--csv"});
  Run({"erase", "ana", "--reason", "request 17", "--as", "dpo"});
  EXPECT_EQ(Run({"period", "preview", "2025-02", "--csv"}), preview);
  Close("2025-02");
  // Late money of an erased person is paid like anybody's.
  Book("ana", "01", 70'000);
  Close("2025-03");
  EXPECT_THAT(Run({"statement", "ana", "2025-03"}), HasSubstr("Change of 2025-01"));
  Run({"period", "pay", "2025-03", "--participant", "ana", "--amount", "170.00 USD", "--reference",
       "W-1", "--date", "2025-04-05", "--as", "carla"});
  EXPECT_THAT(Run({"verify"}), HasSubstr("3 derived again"));
}

TEST_F(Operations, AnErasureIsDoneOnceAndAgainForWhoReturned) {
  EXPECT_THAT(Run({"erase", "ana", "--reason", "r", "--validate-only"}),
              HasSubstr("can be erased"));
  EXPECT_THAT(NamedIn(Printed()), Not(IsEmpty()));
  Run({"erase", "ana", "--reason", "r"});
  EXPECT_THAT(Run({"erase", "ana", "--reason", "r"}), HasSubstr("was erased before"));
  Fact("participant_changed",
       absl::StrCat(R"("participant_id":"ana","role":"ae","effective_from":"2025-03-01",)"
                    R"("status":"ACTIVE","display_name":")",
                    kName, "\""));
  EXPECT_THAT(NamedIn(Printed()), Not(IsEmpty()));
  EXPECT_THAT(Run({"erase", "ana", "--reason", "r"}), HasSubstr("ana is erased"));
  EXPECT_THAT(NamedIn(Printed()), IsEmpty());
  const Finished nobody = RunAny({"erase", "zoe", "--reason", "r"});
  EXPECT_EQ(nobody.exit_code, 1);
  EXPECT_THAT(nobody.err, HasSubstr("no participant \"zoe\""));
}

TEST_F(Operations, ABackupOfAServerAtWorkIsALedgerAgain) {
  const std::string backups = dir_.Path("backups");
  const std::string keys = dir_.Path("keys");
  {
    ServerProcess server({.data = "data", .working_directory = dir_.path()});
    const auto ask = [&](Words words) {
      words.insert(words.end(), {"--server", server.address()});
      const Finished done = RunPayfold(words);
      EXPECT_EQ(done.exit_code, 0) << done.err;
      return done.out;
    };
    EXPECT_THAT(ask({"backup", "create", backups, "--keys", keys}), HasSubstr("backup 1 holds"));
    EXPECT_THAT(ask({"backup", "create", backups}), HasSubstr("keys are not in it"));
    EXPECT_THAT(ask({"backup", "list", backups}), HasSubstr("whole"));
  }
  const Finished beside = RunAny({"backup", "create", backups, "--keys", backups + "/keys"});
  EXPECT_EQ(beside.exit_code, 1);
  EXPECT_THAT(beside.err, HasSubstr("keep keys apart"));

  EXPECT_THAT(Run({"backup", "restore", backups, "--keys", keys}, "", "again"),
              HasSubstr("it was checked"));
  EXPECT_EQ(Printed("again"), Printed());
  EXPECT_THAT(Run({"verify"}, "", "again"), HasSubstr("the ledger holds"));
  const Finished taken = RunAny({"backup", "restore", backups, "--keys", keys}, "", "again");
  EXPECT_EQ(taken.exit_code, 1);
  EXPECT_THAT(taken.err, HasSubstr("there is a ledger"));
}

TEST_F(Operations, WithoutTheKeysAmountsAreRightAndNobodyIsNamed) {
  const std::string backups = dir_.Path("backups");
  Run({"backup", "create", backups});
  const Finished unsure = RunAny({"backup", "restore", backups}, "", "again");
  EXPECT_EQ(unsure.exit_code, 2);
  EXPECT_THAT(unsure.err, HasSubstr("--without-keys"));
  EXPECT_THAT(Run({"backup", "restore", backups, "--without-keys"}, "", "again"),
              HasSubstr("it has new keys"));
  EXPECT_EQ(Amounts("again"), Amounts());
  EXPECT_THAT(NamedIn(Printed("again")), IsEmpty());
  EXPECT_THAT(Run({"verify"}, "", "again"), HasSubstr("the ledger holds"));
  Run({"period", "close", "2025-02", "--as", "carla"}, "", "again");
}

}  // namespace
}  // namespace payfold
