#include "tools/samples/demo.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/stream_name.h"
#include "ledger/admission/validate.h"
#include "ledger/plan/compile.h"
#include "ledger/plan/document.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOkAndHolds;
using ::payfold_testing::StatusIs;
using ::testing::IsSupersetOf;

const std::filesystem::path kFolder = PAYFOLD_SOURCE_DIR "/tools/samples";

std::string ReadFile(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST(SampleCompanyTest, EveryEventKeepsTheRulesAndHasItsOwnId) {
  std::set<std::string> ids;
  for (const SampleChapter& chapter : SampleCompany()) {
    EXPECT_FALSE(chapter.title.empty());
    for (const Violation& violation : ValidateBatch(chapter.events)) {
      ADD_FAILURE() << chapter.title << ": " << violation.field << ": " << violation.message;
    }
    for (const v1::Event& event : chapter.events) {
      EXPECT_TRUE(ids.insert(event.event_id()).second) << event.event_id();
    }
  }
}

TEST(SampleCompanyTest, HasTheVarietyThatADemonstrationNeeds) {
  std::set<std::string> kinds;
  for (const SampleChapter& chapter : SampleCompany()) {
    for (const v1::Event& event : chapter.events) {
      std::string kind(KindName(event));
      if (event.has_deal_amended()) {
        kind += v1::DealAmended::Mode_Name(event.deal_amended().mode());
      }
      if (event.has_deal_cancelled()) {
        kind += event.deal_cancelled().has_amount() ? " in part" : " in full";
      }
      for (const v1::CreditShare& share : event.credit_split().shares()) {
        if (share.overlay()) kinds.insert("overlay");
      }
      kinds.insert(kind);
    }
  }
  EXPECT_THAT(
      kinds, IsSupersetOf({"participant_changed", "deal_booked", "deal_amendedRESTATE",
                           "deal_amendedADJUST", "deal_cancelled in part", "deal_cancelled in full",
                           "credit_split", "overlay", "split_policy_set", "quota_set",
                           "plan_published", "plan_assigned", "fact_voided"}));
}

TEST(SampleCompanyTest, TheFilesInTheBinaryAreThoseOfTheFolder) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    const std::string extension = entry.path().extension();
    if (extension != ".jsonl" && extension != ".yaml") continue;
    ++files;
    EXPECT_THAT(SampleFile(entry.path().filename().string()), IsOkAndHolds(ReadFile(entry.path())))
        << entry.path();
  }
  EXPECT_EQ(files, 12);
  EXPECT_THAT(SampleFile("nothing.yaml"), StatusIs(absl::StatusCode::kNotFound));
}

TEST(SamplePlansTest, AllCompile) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kFolder)) {
    if (entry.path().extension() != ".yaml") continue;
    v1::Plan plan;
    const CompiledPlan compiled = CompilePlanDocument(ReadFile(entry.path()), &plan);
    EXPECT_TRUE(compiled.program.has_value())
        << entry.path() << ": " << ErrorText(compiled.diagnostics);
  }
}

}  // namespace
}  // namespace payfold
