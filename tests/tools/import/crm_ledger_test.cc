// An import against a real ledger: its admission agrees with what the importer
// expects of it.

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "ledger/admission/ledger.h"
#include "ledger/base/status_macros.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tools/import/crm_import.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::payfold_testing::TempDir;
using ::testing::IsEmpty;

constexpr char kLedgerMapping[] = R"(
source: crm
currency: USD
stage: {column: stage, won: [Won], lost: [Lost], open: [Open]}
lookups: {roster: {file: roster.csv, key: agent}}
deals:
  deal_id: id
  owner_id: {column: agent, participant: true}
  amount: value
  booked_on: closed
  lost_on: closed
participants:
  - {lookup: roster, name: agent, effective_from: 2016-10-01, team: office}
)";

absl::StatusOr<std::vector<v1::Event>> ReadStream(const Ledger& ledger, const std::string& stream) {
  std::vector<v1::Event> events;
  ASSIGN_OR_RETURN(const std::optional<uint32_t> number, ledger.log().FindStream(stream));
  if (!number.has_value()) return events;
  const std::unique_ptr<EventCursor> cursor = ledger.log().Read({.stream = *number});
  while (cursor->Next()) {
    ASSIGN_OR_RETURN(v1::Event event, ledger.Decode(cursor->event()));
    RETURN_IF_ERROR(ledger.Unseal(&event));
    events.push_back(std::move(event));
  }
  RETURN_IF_ERROR(cursor->status());
  return events;
}

absl::StatusOr<v1::AppendResponse> Append(Ledger* ledger, const std::vector<v1::Event>& events,
                                          bool validate_only) {
  ASSIGN_OR_RETURN(const AppendResult done,
                   ledger->Append(events, {.actor = "local", .validate_only = validate_only}));
  v1::AppendResponse response;
  for (const AppendedEvent& event : done.events) {
    response.add_results()->set_duplicate(event.duplicate);
  }
  response.set_position(done.head);
  return response;
}

class CrmLedgerTest : public testing::Test {
 protected:
  void SetUp() override {
    absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Create(dir_.Path("ledger"), {});
    ASSERT_THAT(ledger, IsOk());
    ledger_ = *std::move(ledger);
    std::ofstream(dir_.Path("roster.csv")) << "agent,office\nAda Moss,East\nBo Li,West\n";
  }

  ImportReport Import(const std::string& rows, bool dry_run = false) {
    std::ofstream(dir_.Path("deals.csv")) << "id,agent,stage,closed,value\n" << rows;
    LedgerPort port;
    port.read_stream = [this](const std::string& stream) { return ReadStream(*ledger_, stream); };
    port.append = [this](const std::vector<v1::Event>& events, bool validate_only) {
      return Append(ledger_.get(), events, validate_only);
    };
    ImportOptions options;
    options.csv_path = dir_.Path("deals.csv");
    options.id_key = "a key of the test";
    options.dry_run = dry_run;
    absl::StatusOr<ImportReport> report =
        ImportCrm(options, *ReadMapping(kLedgerMapping, "map.yaml"), port);
    EXPECT_THAT(report, IsOk());
    if (!report.ok()) return ImportReport();
    for (const RowProblem& problem : report->problems) ADD_FAILURE() << problem.ToString();
    return *report;
  }

  TempDir dir_;
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(CrmLedgerTest, EachChangeOfARowIsTakenAndASecondImportAddsNothing) {
  const struct {
    const char* rows;
    std::vector<std::pair<std::string, int64_t>> events;
  } kSteps[] = {
      {"D1,Ada Moss,Open,,\n", {{"participant_changed", 2}, {"pipeline_updated", 1}}},
      {"D1,Ada Moss,Won,2017-03-01,10\n", {{"deal_booked", 1}}},
      {"D1,Bo Li,Won,2017-03-01,12\n", {{"deal_amended", 1}}},
      {"D1,Bo Li,Lost,2017-05-01,0\n", {{"deal_cancelled", 1}}},
      {"D1,Bo Li,Won,2017-03-01,15\n", {{"deal_amended", 1}, {"fact_voided", 1}}},
      {"D1,Bo Li,Open,,\n", {{"fact_voided", 3}, {"pipeline_updated", 1}}},
      {"D1,Bo Li,Won,2017-06-01,20\n", {{"deal_booked", 1}}},
  };
  for (const auto& step : kSteps) {
    SCOPED_TRACE(step.rows);
    EXPECT_THAT(Import(step.rows, /*dry_run=*/true).events, testing::ElementsAreArray(step.events));
    EXPECT_THAT(Import(step.rows).events, testing::ElementsAreArray(step.events));
    EXPECT_THAT(Import(step.rows).events, IsEmpty()) << "imported again";
  }
}

}  // namespace
}  // namespace payfold
