// The command as a whole: every kind of bad input ends in clear lines on
// standard error, the documented exit code, and an unchanged ledger.

#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/base/check.h"
#include "services/server.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"

namespace payfold {
namespace {

using ::payfold_testing::Finished;
using ::payfold_testing::ProcessOptions;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::TempDir;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kBadUsage = 2;
constexpr int kUnreachable = 3;

constexpr char kAna[] =
    R"({"event_id": "hr-1", "source": "hris", "participant_changed": {"participant_id": "ana", )"
    R"("effective_from": "2025-01-01", "status": "ACTIVE", "display_name": "Ana Example", )"
    R"("role": "AE"}})"
    "\n";
constexpr char kDeal[] =
    R"({"event_id": "crm-1", "source": "crm", "deal_booked": {"deal_id": "D-1", )"
    R"("booked_on": "2025-01-15", "owner_id": "ana", )"
    R"("amount": {"currency": "USD", "minor_units": 100000}}})"
    "\n";
constexpr char kPlan[] =
    "plan_id: ae\ncurrency: USD\neffective: {start: 2025-01-01}\neligibility: {roles: [AE]}\n"
    "components:\n  - component_id: commission\n    measure: {deals: {value: AMOUNT}}\n"
    "    payout: {rate: 10%}\n";

// A ledger in a directory of its own, and the command on it.
class Cli : public testing::Test {
 protected:
  Finished Run(std::vector<std::string> arguments, const ProcessOptions& options = {}) {
    arguments.insert(arguments.end(), {"--data", data()});
    return RunPayfold(arguments, options);
  }
  std::string data() const { return dir_.Path("data"); }

  // Runs what must succeed; what it prints.
  std::string Must(const std::vector<std::string>& arguments) {
    const Finished finished = Run(arguments);
    EXPECT_EQ(finished.exit_code, kDone) << finished.err;
    EXPECT_EQ(finished.err, "");
    return finished.out;
  }

  void Init() { Must({"init", "--currency", "USD"}); }

  std::string FileOf(absl::string_view content) {
    const std::string path = dir_.Path(absl::StrCat("file-", ++files_));
    std::ofstream file(path, std::ios::binary);
    file << content;
    file.close();
    CHECK(file.good());
    return path;
  }

  // The last event and the root of the tree: equal means unchanged.
  std::string State() {
    return absl::StrCat(Must({"log", "--json", "--backwards", "--limit", "1"}),
                        Must({"tree-head"}));
  }

  // Every line of the error is one of ours, and one of them says `part`.
  static void ExpectError(const Finished& finished, int exit_code, absl::string_view part) {
    EXPECT_EQ(finished.exit_code, exit_code) << finished.err << finished.out;
    EXPECT_EQ(finished.out, "");
    EXPECT_THAT(finished.ErrorLines(),
                AllOf(Not(IsEmpty()), testing::Each(StartsWith("payfold: "))));
    EXPECT_THAT(finished.err, HasSubstr(std::string(part)));
  }

  TempDir dir_;
  int files_ = 0;
};

TEST_F(Cli, ATourFromTheFirstDealToItsExplanation) {
  Init();
  EXPECT_THAT(Must({"append", FileOf(absl::StrCat(kAna, kDeal))}),
              HasSubstr("2 of 2 events appended"));
  EXPECT_THAT(Must({"plan", "publish", FileOf(kPlan)}), HasSubstr("version 1 is published"));
  EXPECT_THAT(Must({"statement", "ana", "2025-01"}),
              AllOf(HasSubstr("Ana Example (ana)"), HasSubstr("100.00")));
  const std::string lines = Must({"lines", "--csv"});
  EXPECT_THAT(lines, StartsWith("line,date,paid_in,currency,amount\r\n"));
  const size_t begin = lines.find("\r\n") + 2;
  const std::string line = lines.substr(begin, lines.find(',', begin) - begin);
  EXPECT_THAT(Must({"explain", line}), AllOf(HasSubstr("D-1"), HasSubstr("positions")));
  EXPECT_THAT(Must({"explain-deal", "D-1", "ana"}), HasSubstr("ae/commission: counted"));
  EXPECT_THAT(Must({"balances"}), HasSubstr("payable in all: USD 100.00"));
  EXPECT_THAT(Must({"leaderboard", "2025-Q1", "--json"}), HasSubstr("\"participant_id\": \"ana\""));
  EXPECT_THAT(Must({"plan", "list"}), HasSubstr("ae"));
  EXPECT_THAT(Must({"rebuild", "--workers", "2"}), HasSubstr("the same\n"));
  EXPECT_THAT(Must({"rebuild", "--projection", "daily-totals"}), HasSubstr("the same\n"));
  EXPECT_THAT(Must({"totals", "--from", "2025-01-15", "--to", "2025-01-15", "--csv"}),
              "date,currency,facts,deals,booked,amended,cancelled,invoiced,collected\r\n"
              "2025-01-15,USD,1,1,1000.00,0.00,0.00,0.00,0.00\r\n");
  EXPECT_THAT(Must({"statement", "ana", "2025-01", "--as-of", "2"}),
              HasSubstr("Nothing was earned"));
}

TEST_F(Cli, AppendingAFileAgainAddsNothing) {
  Init();
  const std::string file = FileOf(absl::StrCat(kAna, kDeal));
  Must({"append", file});
  const std::string before = State();
  EXPECT_THAT(Must({"append", file}), HasSubstr("0 of 2 events appended, 2 were there already"));
  EXPECT_EQ(State(), before);
}

TEST_F(Cli, EventsComeFromStandardInputToo) {
  Init();
  const Finished finished = Run({"append", "-"}, {.input = absl::StrCat(kAna, kDeal)});
  EXPECT_EQ(finished.exit_code, kDone) << finished.err;
  EXPECT_THAT(Must({"log", "--kind", "deal_booked", "--csv"}), HasSubstr("deals/D-1"));
}

struct BadLines {
  const char* name;
  std::string lines;
  const char* says;
};

void PrintTo(const BadLines& bad, std::ostream* out) { *out << bad.name; }

class BadEvents : public Cli, public testing::WithParamInterface<BadLines> {};

TEST_P(BadEvents, AreRefusedWholeWithTheirLines) {
  Init();
  const std::string before = State();
  // A good line stands before them; it is not appended either.
  const std::string file = FileOf(absl::StrCat(kAna, GetParam().lines));
  ExpectError(Run({"append", file}), kRefused, GetParam().says);
  EXPECT_EQ(State(), before);
}

std::string Deal(absl::string_view id, absl::string_view fields) {
  return absl::StrCat(R"({"event_id": ")", id,
                      R"(", "source": "crm", "deal_booked": {"deal_id": ")", id,
                      R"(", "owner_id": "ana", )", fields, "}}\n");
}

constexpr char kAmount[] = R"("amount": {"currency": "USD", "minor_units": 1})";

INSTANTIATE_TEST_SUITE_P(
    All, BadEvents,
    testing::Values(
        BadLines{"MalformedJson", "{\"event_id\": \"x\",,}\n", ":2: "},
        BadLines{"CutOff", "{\"event_id\": \"x\"", ":2: "},
        BadLines{"NoObject", "[1, 2]\n", ":2: "},
        BadLines{"UnknownField", Deal("D-1", R"("bookd_on": "2025-01-01")"), "bookd_on"},
        BadLines{"NoPayload", R"({"event_id": "x", "source": "crm"})", ":2: "},
        BadLines{"IdWithOtherContent",
                 Deal("D-1", absl::StrCat(kAmount, R"(, "booked_on": "2025-01-01")")) +
                     Deal("D-1", absl::StrCat(kAmount, R"(, "booked_on": "2025-01-02")")),
                 ":3: "},
        BadLines{"SharesThatDoNotAddUp",
                 R"({"event_id": "s", "source": "crm", "credit_split": {"deal_id": "D-1", )"
                 R"("shares": [{"participant_id": "ana", "share": "0.5"}]}})",
                 "0.5"},
        BadLines{"NegativeZero",
                 R"({"event_id": "m", "source": "crm", "metric_recorded": {"metric": "calls", )"
                 R"("participant_id": "ana", "value": "-0", "occurred_on": "2025-01-01"}})",
                 "-0"},
        BadLines{"HugeAmount",
                 Deal("D-1", R"("booked_on": "2025-01-01", "amount": {"currency": "USD", )"
                             R"("minor_units": "1000000000000001"})"),
                 "1000000000000001"},
        BadLines{"AmountBeyondSixtyFourBits",
                 Deal("D-1", R"("booked_on": "2025-01-01", "amount": {"currency": "USD", )"
                             R"("minor_units": "9223372036854775808"})"),
                 "minor_units"},
        BadLines{"DayThatDoesNotExist",
                 Deal("D-1", absl::StrCat(kAmount, R"(, "booked_on": "2025-02-30")")),
                 "2025-02-30"},
        BadLines{"PayloadOfTheLedger",
                 R"({"event_id": "x", "source": "crm", "period_closed": {"period": "2025-01"}})",
                 ":2: "}),
    [](const testing::TestParamInfo<BadLines>& tested) { return std::string(tested.param.name); });

TEST_F(Cli, EveryBadLineIsReported) {
  Init();
  const Finished finished = Run({"append", FileOf("x\n\ny\n{\"a\": 1}\n")});
  ExpectError(finished, kRefused, "3 mistakes; nothing was appended");
  EXPECT_THAT(finished.ErrorLines(), SizeIs(4));
  for (const char* line : {":1: ", ":3: ", ":4: "}) EXPECT_THAT(finished.err, HasSubstr(line));
}

TEST_F(Cli, ABatchThatIsRefusedLateSaysWhatWasAppended) {
  Init();
  std::string lines = kAna;
  for (int i = 2; i <= 10'000; ++i) {
    absl::StrAppend(&lines, R"({"event_id": "e)", i,
                    R"(", "source": "crm", "deal_cancelled": {"deal_id": "D-)", i,
                    R"(", "cancelled_on": "2025-01-01"}})", "\n");
  }
  // In the second batch, what only the first one makes wrong.
  absl::StrAppend(&lines, R"({"event_id": "e2", "source": "crm", "deal_cancelled": )"
                          R"({"deal_id": "other", "cancelled_on": "2025-01-01"}})");
  const Finished finished = Run({"append", FileOf(lines)});
  ExpectError(finished, kRefused, "lines 1 to 10000 were appended");
  EXPECT_THAT(finished.err, HasSubstr(":10001: "));
  EXPECT_THAT(Must({"log", "--backwards", "--limit", "1", "--csv"}), HasSubstr("\r\n10001,"));
}

struct BadDocument {
  const char* name;
  std::string document;
  const char* says;
};

void PrintTo(const BadDocument& bad, std::ostream* out) { *out << bad.name; }

class BadPlans : public Cli, public testing::WithParamInterface<BadDocument> {};

TEST_P(BadPlans, AreRefusedWithTheirPlaces) {
  Init();
  const std::string before = State();
  const std::string file = FileOf(GetParam().document);
  ExpectError(Run({"plan", "publish", file}), kRefused, GetParam().says);
  ExpectError(RunPayfold({"plan", "check", file}), kRefused, GetParam().says);
  EXPECT_EQ(State(), before);
}

std::string AliasBomb() {
  std::string document = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    absl::StrAppend(&document, "a", i, ": &a", i, " [");
    for (int j = 0; j < 10; ++j) absl::StrAppend(&document, j == 0 ? "" : ", ", "*a", i - 1);
    absl::StrAppend(&document, "]\n");
  }
  return document;
}

INSTANTIATE_TEST_SUITE_P(
    All, BadPlans,
    testing::Values(
        BadDocument{"DuplicateKeys", absl::StrCat(kPlan, "currency: EUR\n"), ":9:1: currency"},
        BadDocument{"AliasBomb", AliasBomb(), ":"},
        BadDocument{"UnknownField", absl::StrCat(kPlan, "currenzy: EUR\n"), "currenzy"},
        BadDocument{"UnknownComponent",
                    absl::StrCat(kPlan, "    gates: [{component: nothing, at_least: 1}]\n"),
                    "gates"},
        BadDocument{"NoYaml", "plan_id: [\n", ":"}, BadDocument{"Empty", "", ""},
        BadDocument{"DayThatDoesNotExist",
                    "plan_id: x\ncurrency: USD\neffective: {start: 2025-02-30}\n", "2025-02-30"}),
    [](const testing::TestParamInfo<BadDocument>& tested) {
      return std::string(tested.param.name);
    });

TEST_F(Cli, ADirectoryThatIsNoLedgerIsLeftAsItIs) {
  const std::string note = dir_.Path("note.txt");
  std::ofstream(note) << "mine";
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"balances"}, {"log"}, {"append", FileOf(kAna)}}) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--data", dir_.path()});
    ExpectError(RunPayfold(arguments), kUnreachable, dir_.path());
  }
  ExpectError(RunPayfold({"init", "--currency", "USD", "--data", dir_.path()}), kUnreachable,
              dir_.path());
  std::string content;
  std::ifstream(note) >> content;
  EXPECT_EQ(content, "mine");
}

TEST_F(Cli, ADirectoryThatDoesNotExistIsNotMadeByAQuestion) {
  ExpectError(Run({"balances"}), kUnreachable, data());
  EXPECT_NE(access(data().c_str(), F_OK), 0);
}

TEST_F(Cli, ALedgerThatDoesNotExistIsNamed) {
  Init();
  ExpectError(Run({"balances", "--ledger", "other"}), kUnreachable, "other");
}

TEST_F(Cli, ASecondLedgerOfTheSameNameIsRefused) {
  Init();
  const std::string before = State();
  ExpectError(Run({"init", "--currency", "EUR"}), kRefused, "main");
  EXPECT_EQ(State(), before);
}

TEST_F(Cli, ASecondProcessOnTheSameDirectoryIsToldSo) {
  Init();
  const std::string before = State();
  {
    Workspace workspace({.directory = data(), .create = false, .ledger = {}});
    ASSERT_TRUE(workspace.Get("main").ok());
    ExpectError(Run({"append", FileOf(kAna)}), kUnreachable, "in use");
    ExpectError(Run({"balances"}), kUnreachable, "in use");
  }
  EXPECT_EQ(State(), before);
}

TEST_F(Cli, UnknownPeopleLinesAndDealsAreNamed) {
  Init();
  Must({"append", FileOf(kAna)});
  ExpectError(Run({"statement", "nobody", "2025-01"}), kRefused, "nobody");
  ExpectError(Run({"statement", "ana", "2025-13"}), kRefused, "2025-13");
  ExpectError(Run({"explain", "no/such/line"}), kRefused, "no/such/line");
  ExpectError(Run({"explain-deal", "D-9", "ana"}), kRefused, "D-9");
  ExpectError(Run({"balances", "--as-of", "99"}), kRefused, "99");
}

TEST_F(Cli, BadUsageIsTold) {
  Init();
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"balances", "--frobnicate"},
           {"statement", "ana"},
           {"init", "--currency", "USD", "--fiscal-year-start", "13"},
           {"init", "--currency", "USD", "--payout-period", "day"},
           {"balances", "--as-of", "yesterday"},
           {"balances", "--json", "--csv"},
           {"balances", "--as", "Zo\xC3\xAB"},
           {"explain", "x", "--csv"},
           {"leaderboard", "2025-Q1", "--by", "height"},
           {"append", "/no/such/file"},
           {"append", dir_.path()},
           {"plan", "publish", "/no/such/file"}}) {
    ExpectError(Run(arguments), kBadUsage, "");
  }
  ExpectError(RunPayfold({"balances"}), kBadUsage, "--data");
  ExpectError(Run({"frobnicate"}), kBadUsage, "\"frobnicate\"");
}

TEST_F(Cli, TheEnvironmentMayNameTheDirectory) {
  Init();
  EXPECT_EQ(RunPayfold({"balances"}, {.data_environment = data()}).exit_code, kDone);
}

TEST_F(Cli, HelpIsEverywhereWithExamples) {
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{},
                                             {"append"},
                                             {"plan", "publish"},
                                             {"statement"},
                                             {"import", "crm"},
                                             {"explain-deal"}}) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("--help");
    const Finished finished = RunPayfold(arguments);
    EXPECT_EQ(finished.exit_code, kDone);
    EXPECT_THAT(finished.out, HasSubstr("  payfold "));
    EXPECT_EQ(finished.err, "");
  }
}

// A small file system of its own, where that is allowed.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& path) : path_(path) {
    mounted_ = mount("tmpfs", path.c_str(), "tmpfs", 0, "size=24m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(path_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  bool mounted() const { return mounted_; }

  // Writes a file until nothing more fits.
  void Fill() const {
    std::ofstream filler(path_ + "/filler", std::ios::binary);
    const std::string block(4'096, 'x');
    while (filler.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void Empty() const { unlink((path_ + "/filler").c_str()); }

 private:
  std::string path_;
  bool mounted_ = false;
};

std::string ManyDeals() {
  std::string lines = kAna;
  for (int i = 0; i < 5'000; ++i) {
    absl::StrAppend(&lines, Deal(absl::StrCat("D-", i),
                                 absl::StrCat(kAmount, R"(, "booked_on": "2025-01-01")")));
  }
  return lines;
}

void ExpectDiskError(const Finished& finished) {
  EXPECT_TRUE(finished.exit_code == kRefused || finished.exit_code == kUnreachable)
      << finished.exit_code << finished.err;
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.ErrorLines(), AllOf(Not(IsEmpty()), testing::Each(StartsWith("payfold: "))));
}

TEST_F(Cli, AFullDiskIsToldAndChangesNothing) {
  const std::string file = FileOf(ManyDeals());
  const TempDir mount_point;
  const SmallDisk disk(mount_point.path());
  if (!disk.mounted()) GTEST_SKIP() << "cannot mount a tmpfs here: " << std::strerror(errno);
  const std::vector<std::string> at = {"--data", mount_point.Path("data")};
  const auto run = [&at](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), at.begin(), at.end());
    return RunPayfold(arguments);
  };
  ASSERT_EQ(run({"init", "--currency", "USD"}).exit_code, kDone);
  const std::string before = run({"log", "--json"}).out;
  disk.Fill();
  ExpectDiskError(run({"append", file}));
  disk.Empty();
  EXPECT_EQ(run({"log", "--json"}).out, before);
  EXPECT_EQ(run({"append", file}).exit_code, kDone);
}

TEST_F(Cli, AFileThatMayNotGrowIsToldAndChangesNothing) {
  Init();
  const std::string file = FileOf(ManyDeals());
  const std::string before = State();
  ExpectDiskError(Run({"append", file}, {.max_file_bytes = 64 << 10}));
  EXPECT_EQ(State(), before);
  EXPECT_THAT(Must({"append", file}), HasSubstr("5001 of 5001 events appended"));
}

}  // namespace
}  // namespace payfold
