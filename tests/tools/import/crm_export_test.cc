// The whole real export against SQL over the same files.

#include <cstdio>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/import/fake_ledger.h"
#include "tools/import/crm_import.h"

namespace payfold {
namespace {

using ::payfold_testing::FakeLedger;
using ::payfold_testing::IsOk;
using ::payfold_testing::TempDir;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kExport[] = PAYFOLD_SOURCE_DIR "/../shared/data/crm";

std::string ReadFile(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// What the command prints.
std::string OutputOf(const std::string& command) {
  std::string output;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "cannot run";
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, n);
  return pclose(pipe) == 0 ? output : absl::StrCat("failed: ", output);
}

std::string Quarter(const std::string& date) {
  return absl::StrCat(date.substr(0, 4), "-Q", ((date[5] - '0') * 10 + date[6] - '0' + 2) / 3);
}

class CrmExportTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::ifstream(absl::StrCat(kExport, "/sales_pipeline.csv"))) {
      GTEST_SKIP() << "the CRM export is not at " << kExport;
    }
    for (const char* name :
         {"sales_pipeline.csv", "accounts.csv", "products.csv", "sales_teams.csv"}) {
      std::ofstream(dir_.Path(name), std::ios::binary)
          << ReadFile(absl::StrCat(kExport, "/", name));
    }
    const absl::StatusOr<ImportMapping> mapping =
        LoadMapping(PAYFOLD_SOURCE_DIR "/tools/import/crm_sales.yaml");
    ASSERT_THAT(mapping, IsOk());
    mapping_ = *mapping;
  }

  ImportReport Import() {
    ImportOptions options;
    options.csv_path = dir_.Path("sales_pipeline.csv");
    options.id_key = "a key of the test";
    absl::StatusOr<ImportReport> report = ImportCrm(options, mapping_, ledger_.Port());
    EXPECT_THAT(report, IsOk());
    return report.ok() ? *report : ImportReport();
  }

  TempDir dir_;
  FakeLedger ledger_;
  ImportMapping mapping_;
};

TEST_F(CrmExportTest, GivesTheWonDealsAndAmountsThatSqlGives) {
  const ImportReport report = Import();
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.rows, 8'800 + 35 + 6);
  EXPECT_THAT(report.events,
              ElementsAre(Pair("deal_booked", 4'238), Pair("participant_changed", 41),
                          Pair("pipeline_updated", 4'562)));

  std::map<std::string, std::string> names;
  std::map<std::string, std::pair<int64_t, int64_t>> won;  // by agent and quarter
  for (const v1::Event& event : ledger_.events()) {
    const v1::ParticipantChanged& person = event.participant_changed();
    if (event.has_participant_changed()) names[person.participant_id()] = person.display_name();
    if (!event.has_deal_booked()) continue;
    const v1::DealBooked& deal = event.deal_booked();
    auto& sum = won[absl::StrCat(names.at(deal.owner_id()), "|", Quarter(deal.booked_on()))];
    ++sum.first;
    sum.second += deal.amount().minor_units();
  }
  std::string got;
  for (const auto& w : won) {
    absl::StrAppend(&got, w.first, "|", w.second.first, "|", w.second.second, "\n");
  }
  const std::string sql =
      "select sales_agent, substr(close_date, 1, 4) || '-Q' || "
      "((substr(close_date, 6, 2) + 2) / 3), count(*), sum(close_value) * 100 "
      "from deals where deal_stage = 'Won' group by 1, 2 order by 1, 2;";
  const std::string want =
      OutputOf(absl::StrCat("sqlite3 :memory: '.mode csv' '.import ",
                            dir_.Path("sales_pipeline.csv"), " deals' '.mode list' \"", sql, "\""));
  EXPECT_EQ(got, want);
}

TEST_F(CrmExportTest, ASecondImportAddsNothingAndAChangedRowItsChange) {
  Import();
  const size_t events = ledger_.events().size();
  const ImportReport second = Import();
  EXPECT_EQ(second.event_count(), 0);
  EXPECT_EQ(second.unchanged, second.rows);
  EXPECT_EQ(ledger_.events().size(), events);

  // The first deal of the file was 1054.
  const std::string path = dir_.Path("sales_pipeline.csv");
  const std::string changed = absl::StrReplaceAll(
      ReadFile(path), {{"2017-03-01,1054\nZ063OYW0", "2017-03-01,1064\nZ063OYW0"}});
  std::ofstream(path, std::ios::binary) << changed;
  const ImportReport third = Import();
  EXPECT_EQ(third.changed, 1);
  ASSERT_EQ(ledger_.events().size(), events + 1);
  const v1::Event& last = ledger_.events().back();
  EXPECT_EQ(last.stream(), "deals/1C1I7A6R");
  EXPECT_EQ(last.deal_amended().amount().minor_units(), 106'400);
}

TEST_F(CrmExportTest, NamesStandOnlyWhereTheyAreEncrypted) {
  Import();
  std::set<std::string> names;
  for (const v1::Event& event : ledger_.events()) {
    if (event.has_participant_changed()) names.insert(event.participant_changed().display_name());
  }
  ASSERT_EQ(names.size(), 41u);
  for (v1::Event event : ledger_.events()) {
    if (event.has_participant_changed()) {
      event.mutable_participant_changed()->clear_display_name();
    }
    const std::string bytes = event.SerializeAsString();
    for (const std::string& name : names) ASSERT_EQ(bytes.find(name), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace payfold
