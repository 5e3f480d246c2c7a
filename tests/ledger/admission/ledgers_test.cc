#include "ledger/admission/ledgers.h"

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/ledger/admission/admission_testing.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace payfold {
namespace {

using ::payfold_testing::Fact;
using ::payfold_testing::IsOk;
using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::Lines;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TempDir;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

v1::Event Configured() {
  return Fact("init", R"("ledger_configured": {"base_currency": "USD", "payout_period": "MONTH"})");
}

const AppendOptions& AsTester() {
  static const AppendOptions* const options = new AppendOptions{.actor = "tester"};
  return *options;
}

std::vector<std::string> FilesIn(const std::string& directory) {
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::recursive_directory_iterator(directory)) {
    names.push_back(file.path().string());
  }
  return names;
}

TEST(LedgersTest, LedgersAreMadeListedAndOpenedByName) {
  TempDir dir;
  {
    auto ledgers = Ledgers::Create(dir.Path("data"), {});
    ASSERT_THAT(ledgers, IsOk());
    EXPECT_THAT((*ledgers)->List(), IsOkAndHolds(ElementsAre()));
    ASSERT_THAT((*ledgers)->CreateLedger("", Configured(), AsTester()), IsOk());
    ASSERT_THAT((*ledgers)->CreateLedger("emea", Configured(), AsTester()), IsOk());
    EXPECT_THAT((*ledgers)->CreateLedger("main", Configured(), AsTester()),
                StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("\"main\"")));
  }
  auto ledgers = Ledgers::Open(dir.Path("data"), {});
  ASSERT_THAT(ledgers, IsOk());
  EXPECT_THAT((*ledgers)->List(), IsOkAndHolds(ElementsAre("emea", "main")));
  const absl::StatusOr<Ledger*> ledger = (*ledgers)->Get("");
  ASSERT_THAT(ledger, IsOk());
  EXPECT_EQ((*ledger)->log().head(), 1u);
  EXPECT_THAT((*ledger)->origin(), HasSubstr("/main"));
  EXPECT_EQ(*(*ledgers)->Get("main"), *ledger);
  EXPECT_THAT((*ledgers)->Get("apac"), StatusIs(absl::StatusCode::kNotFound,
                                                AllOf(HasSubstr("\"apac\""), HasSubstr("emea"))));
  EXPECT_THAT((*ledgers)->Get("../main"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(LedgersTest, ABadConfigurationMakesNoLedger) {
  TempDir dir;
  auto ledgers = Ledgers::Create(dir.path(), {});
  ASSERT_THAT(ledgers, IsOk());
  v1::Event bad = Configured();
  bad.mutable_ledger_configured()->set_base_currency("usd");
  std::vector<Violation> violations;
  EXPECT_THAT((*ledgers)->CreateLedger("main", bad, AsTester(), &violations),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_EQ(Lines(violations), "events[0].ledger_configured.base_currency CURRENCY_UNKNOWN");
  EXPECT_THAT((*ledgers)->List(), IsOkAndHolds(ElementsAre()));
  EXPECT_THAT((*ledgers)->CreateLedger("main", Configured(), {.actor = "t", .validate_only = true}),
              IsOkAndHolds(nullptr));
  EXPECT_THAT((*ledgers)->List(), IsOkAndHolds(ElementsAre()));
}

TEST(LedgersTest, AnInterruptedCreationIsFinishedByTheNext) {
  TempDir dir;
  {
    auto ledgers = Ledgers::Create(dir.path(), {});
    ASSERT_THAT(ledgers, IsOk());
    ASSERT_THAT(Ledger::Create(dir.Path("ledgers/main"), {}), IsOk());
  }
  auto ledgers = Ledgers::Open(dir.path(), {});
  ASSERT_THAT(ledgers, IsOk());
  const absl::StatusOr<Ledger*> ledger = (*ledgers)->CreateLedger("main", Configured(), AsTester());
  ASSERT_THAT(ledger, IsOk());
  EXPECT_EQ((*ledger)->log().head(), 1u);
}

TEST(LedgersTest, AnotherDirectoryIsRefusedAndLeftAsItIs) {
  TempDir dir;
  std::ofstream(dir.Path("letter.txt")) << "Dear Ana";
  const std::vector<std::string> before = FilesIn(dir.path());
  const auto refused =
      StatusIs(absl::StatusCode::kFailedPrecondition,
               AllOf(HasSubstr("is not a Payfold data directory"), Not(HasSubstr("\n"))));
  EXPECT_THAT(Ledgers::Open(dir.path(), {}), refused);
  EXPECT_THAT(Ledgers::Create(dir.path(), {}), refused);
  EXPECT_THAT(Ledger::Create(dir.path(), {}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("letter.txt")));
  EXPECT_THAT(Ledger::Open(dir.path(), {}), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(FilesIn(dir.path()), before);
}

TEST(LedgersTest, ADirectoryOfALaterReleaseIsRefused) {
  TempDir dir;
  std::ofstream(dir.Path("PAYFOLD")) << "Payfold data directory, layout 2\n";
  EXPECT_THAT(Ledgers::Open(dir.path(), {}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("layout 2")));
}

TEST(LedgersTest, AMissingDirectoryIsNotMadeByOpening) {
  TempDir dir;
  EXPECT_THAT(Ledgers::Open(dir.Path("none"), {}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("payfold init")));
  EXPECT_FALSE(std::filesystem::exists(dir.Path("none")));
}

TEST(LedgersTest, ASecondProcessIsRefused) {
  TempDir dir;
  auto first = Ledgers::Create(dir.path(), {});
  ASSERT_THAT(first, IsOk());
  int ready[2];
  int done[2];
  ASSERT_EQ(pipe(ready), 0);
  ASSERT_EQ(pipe(done), 0);
  // The other process has the ledger until it is told to end.
  const pid_t other = fork();
  ASSERT_GE(other, 0);
  if (other == 0) {
    auto ledgers = Ledgers::Open(dir.path(), {});
    const bool ok = ledgers.ok() && (*ledgers)->CreateLedger("main", Configured(), AsTester()).ok();
    char byte = ok ? 'y' : 'n';
    if (write(ready[1], &byte, 1) != 1 || read(done[0], &byte, 1) != 1) _exit(1);
    _exit(0);
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  ASSERT_EQ(byte, 'y');
  EXPECT_THAT((*first)->Get("main"), StatusIs(absl::StatusCode::kUnavailable,
                                              AllOf(HasSubstr("is in use"), Not(HasSubstr("\n")))));
  ASSERT_EQ(write(done[1], &byte, 1), 1);
  int status = 0;
  ASSERT_EQ(waitpid(other, &status, 0), other);
  EXPECT_THAT((*first)->Get("main"), IsOk());
}

TEST(LedgersTest, AClosedLedgerIsFreeForOthersAndOpensAgain) {
  TempDir dir;
  auto first = Ledgers::Create(dir.path(), {});
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT((*first)->CreateLedger("main", Configured(), AsTester()), IsOk());
  (*first)->Close("main");
  {
    auto second = Ledgers::Open(dir.path(), {});
    ASSERT_THAT(second, IsOk());
    EXPECT_THAT((*second)->Get("main"), IsOk());
  }
  EXPECT_THAT((*first)->Get("main"), IsOk());
}

TEST(LedgersTest, ARefusedCreationLeavesTheLedgerClosed) {
  TempDir dir;
  auto first = Ledgers::Create(dir.path(), {});
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT((*first)->CreateLedger("main", Configured(), AsTester()), IsOk());
  (*first)->Close("main");
  EXPECT_THAT((*first)->CreateLedger("main", Configured(), AsTester()),
              StatusIs(absl::StatusCode::kAlreadyExists));
  auto second = Ledgers::Open(dir.path(), {});
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT((*second)->Get("main"), IsOk());
}

TEST(LedgersTest, ASecondOpeningInOneProcessIsRefused) {
  TempDir dir;
  auto first = Ledgers::Create(dir.path(), {});
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT((*first)->CreateLedger("main", Configured(), AsTester()), IsOk());
  auto second = Ledgers::Open(dir.path(), {});
  ASSERT_THAT(second, IsOk());
  EXPECT_THAT((*second)->Get("main"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("is in use")));
}

}  // namespace
}  // namespace payfold
