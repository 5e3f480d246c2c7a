#include "tools/import/crm_import.h"

#include <fstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/import/fake_ledger.h"
#include "tools/import/id_key.h"

namespace payfold {
namespace {

using ::payfold_testing::FakeLedger;
using ::payfold_testing::IsOk;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kMapping[] = R"(
source: crm
currency: USD
stage: {column: stage, won: [Won], lost: [Lost], open: [Open]}
fixes: {product: {GTXPro: GTX Pro}}
lookups:
  products: {file: products.csv, key: product}
  roster: {file: roster.csv, key: agent}
deals:
  deal_id: id
  owner_id: {column: agent, lookup: roster, take: agent, participant: true}
  amount: value
  booked_on: closed
  lost_on: closed
  product: product
  territory: {column: agent, lookup: roster, take: office}
  attributes:
    series: {column: product, lookup: products, take: series}
participants:
  - lookup: roster
    name: agent
    effective_from: 2016-10-01
    role: {constant: agent}
    territory: office
    manager_id: {column: manager, participant: true}
  - lookup: roster
    name: manager
    effective_from: 2016-10-01
    role: {constant: manager}
    territory: office
)";
constexpr char kRoster[] =
    "agent,manager,office\nAda Moss,Cara Losch,East\nBo Li,Cara Losch,East\n";
constexpr char kProducts[] = "product,series\nGTX Pro,GTX\nMG Special,MG\n";
constexpr char kHeader[] = "id,agent,product,stage,closed,value\n";
constexpr char kKey[] = "a key of thirty-two bytes, or so";

std::string IdOf(absl::string_view name) { return ParticipantIdOf(kKey, name); }

// An event in a few words: "deals/D1 booked 10.00 2017-03-01".
std::string Words(const v1::Event& event) {
  std::string words = event.stream();
  if (event.has_deal_booked()) {
    const v1::DealBooked& deal = event.deal_booked();
    absl::StrAppend(&words, " booked ", deal.amount().minor_units(), " ", deal.booked_on());
  } else if (event.has_deal_amended()) {
    const v1::DealAmended& change = event.deal_amended();
    absl::StrAppend(&words, " restated ", change.amended_on());
    if (change.has_amount()) absl::StrAppend(&words, " amount ", change.amount().minor_units());
    if (change.has_booked_on()) absl::StrAppend(&words, " booked_on ", change.booked_on());
    if (change.has_owner_id()) absl::StrAppend(&words, " owner ", change.owner_id());
    if (change.has_product()) absl::StrAppend(&words, " product ", change.product());
    for (const auto& a : change.attributes()) absl::StrAppend(&words, " ", a.first, "=", a.second);
  } else if (event.has_deal_cancelled()) {
    absl::StrAppend(&words, " cancelled ", event.deal_cancelled().cancelled_on());
  } else if (event.has_pipeline_updated()) {
    absl::StrAppend(&words, " ", event.pipeline_updated().stage());
  } else if (event.has_fact_voided()) {
    absl::StrAppend(&words, " void");
  } else if (event.has_participant_changed()) {
    const v1::ParticipantChanged& person = event.participant_changed();
    absl::StrAppend(&words, " ", person.display_name(), " ", person.territory());
  }
  return words;
}

class CrmImportTest : public testing::Test {
 protected:
  CrmImportTest() {
    Write("roster.csv", kRoster);
    Write("products.csv", kProducts);
  }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(dir_.Path(name), std::ios::binary) << text;
  }

  absl::StatusOr<ImportReport> TryImport(const std::string& csv, bool dry_run = false) {
    Write("deals.csv", csv);
    const absl::StatusOr<ImportMapping> mapping = ReadMapping(mapping_, "map.yaml");
    if (!mapping.ok()) return mapping.status();
    ImportOptions options;
    options.csv_path = dir_.Path("deals.csv");
    options.id_key = kKey;
    options.dry_run = dry_run;
    options.batch_events = batch_events_;
    return ImportCrm(options, *mapping, ledger_.Port());
  }

  // Imports kHeader and `rows`.
  ImportReport Import(const std::string& rows) {
    absl::StatusOr<ImportReport> report = TryImport(absl::StrCat(kHeader, rows));
    EXPECT_THAT(report, IsOk());
    return report.ok() ? *report : ImportReport();
  }

  // The problems of importing kHeader and `rows`, a line each.
  std::vector<std::string> Problems(const std::string& rows) {
    std::vector<std::string> lines;
    for (const RowProblem& problem : Import(rows).problems) lines.push_back(problem.ToString());
    return lines;
  }

  // What the ledger has got since the last call, in words, the roster aside.
  std::vector<std::string> News() {
    std::vector<std::string> words;
    for (; seen_ < ledger_.events().size(); ++seen_) {
      const v1::Event& event = ledger_.events()[seen_];
      if (!event.has_participant_changed()) words.push_back(Words(event));
    }
    return words;
  }

  TempDir dir_;
  FakeLedger ledger_;
  std::string mapping_ = kMapping;
  size_t batch_events_ = 1000;
  size_t seen_ = 0;
};

TEST_F(CrmImportTest, ARowBecomesAnEventByTheMapping) {
  const ImportReport report = Import("D1,Ada Moss,GTXPro,Won,2017-03-01,1054\n");
  EXPECT_THAT(report.problems, IsEmpty());
  const std::vector<v1::Event> stream = ledger_.Stream("deals/D1");
  ASSERT_EQ(stream.size(), 1u);
  EXPECT_EQ(stream[0].source(), "crm");
  const v1::DealBooked& deal = stream[0].deal_booked();
  EXPECT_EQ(deal.amount().currency(), "USD");
  EXPECT_EQ(deal.amount().minor_units(), 105'400);
  EXPECT_EQ(deal.booked_on(), "2017-03-01");
  EXPECT_EQ(deal.owner_id(), IdOf("Ada Moss"));
  EXPECT_EQ(deal.product(), "GTX Pro");
  EXPECT_EQ(deal.territory(), "East");
  EXPECT_EQ(deal.attributes().at("series"), "GTX");
}

TEST_F(CrmImportTest, EverybodyOnTheRosterBecomesAParticipantWithAnOpaqueId) {
  Import("");
  std::vector<std::string> words;
  for (const v1::Event& event : ledger_.events()) words.push_back(Words(event));
  EXPECT_THAT(words,
              ElementsAre(absl::StrCat("participants/", IdOf("Ada Moss"), " Ada Moss East"),
                          absl::StrCat("participants/", IdOf("Bo Li"), " Bo Li East"),
                          absl::StrCat("participants/", IdOf("Cara Losch"), " Cara Losch East")));
  EXPECT_EQ(ledger_.events()[0].participant_changed().manager_id(), IdOf("Cara Losch"));
  EXPECT_EQ(ledger_.events()[2].participant_changed().role(), "manager");
}

// Bad rows are named; good ones are there.
TEST_F(CrmImportTest, BadRowsAreReportedByLine) {
  const struct {
    const char* row;
    const char* want;
  } kCases[] = {
      {"D1,Ada Moss,GTX Pro,Won,2017-02-30,10", "deals.csv:2: deals.booked_on: \"2017-02-30\": "},
      {"D1,Ada Moss,GTX Pro,Won,,10", "deals.csv:2: deals.booked_on: is empty"},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01,", "deals.csv:2: deals.amount: is empty"},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01,ten", "deals.csv:2: deals.amount: \"ten\": "},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01,1e3", "deals.csv:2: deals.amount: \"1e3\": "},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01,-5", "deals.amount: \"-5\": must not be negative"},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01,-0", "deals.csv:2: deals.amount: \"-0\": "},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01,\"1,054\"", "deals.csv:2: deals.amount: \"1,054\": "},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01,10.005", "USD has 2 digits after the point"},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01,99999999999999999",
       "must be at most 10,000,000,000,000"},
      {"D1,Al Doe,GTX Pro,Won,2017-03-01,10",
       "deals.owner_id: \"Al Doe\": is not in column agent of"},
      {"D1,,GTX Pro,Won,2017-03-01,10", "deals.csv:2: deals.owner_id: is empty"},
      {"D1,Ada Moss,GTX 9,Won,2017-03-01,10",
       "\"GTX 9\": is not in column product of products.csv"},
      {"D1,Ada Moss,GTX Pro,Wom,2017-03-01,10", "stage: \"Wom\": is no stage of the mapping"},
      {"D1,Ada Moss,GTX Pro,,2017-03-01,10", "stage: the stage is empty"},
      {",Ada Moss,GTX Pro,Won,2017-03-01,10", "deals.csv:2: deals.deal_id: is empty"},
      {"D 1,Ada Moss,GTX Pro,Won,2017-03-01,10", "deals.csv:2: deals.deal_id: \"D 1\": must be"},
      {"D1,Ada Moss,GTX Pro,Won,2017-03-01", "deals.csv:2: has 5 fields where the header has 6"},
      {"D1,Ada Moss,GTX\"Pro,Won,2017-03-01,10", "deals.csv:2: field 3 has a quote inside"},
      {"D2,Ada Moss,GTX Pro,Won,2017-03-01,9\nD2,Ada Moss,GTX Pro,Won,2017-03-01,10",
       "deals.csv:3: deals.deal_id: \"D2\": stands already in line 2, which is kept"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.row);
    ledger_ = FakeLedger();
    const ImportReport report =
        Import(absl::StrCat(c.row, "\nGOOD,Bo Li,MG Special,Won,2017-04-01,55\n"));
    EXPECT_EQ(report.bad, 1);
    ASSERT_FALSE(report.problems.empty());
    EXPECT_THAT(report.problems[0].ToString(), HasSubstr(c.want));
    EXPECT_EQ(ledger_.Stream("deals/GOOD").size(), 1u);
  }
}

TEST_F(CrmImportTest, AllMistakesOfARowAreNamed) {
  EXPECT_THAT(Problems("D1,Al Doe,GTX 9,Won,2017-02-30,ten\n"), testing::SizeIs(5));
}

TEST_F(CrmImportTest, LayoutOfTheFileDoesNotMatter) {
  ASSERT_THAT(TryImport("\xEF\xBB\xBF"
                        "value,closed,stage,product,agent,id\r\n"
                        "\"1054\",2017-03-01,Won,\"GTX Pro\",Ada Moss,D1\r\n"),
              IsOk());
  EXPECT_THAT(News(), ElementsAre("deals/D1 booked 105400 2017-03-01"));
}

TEST_F(CrmImportTest, AColumnThatIsMissingIsNamedAndNothingIsWritten) {
  EXPECT_THAT(TryImport("id,agent,product,stage,closed,valeu\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("deals.amount: column \"value\" is not in deals.csv; did you mean "
                                 "\"valeu\"?")));
  mapping_ = absl::StrReplaceAll(kMapping, {{"take: office", "take: offise"}});
  EXPECT_THAT(TryImport(kHeader), StatusIs(absl::StatusCode::kInvalidArgument,
                                           HasSubstr("column \"offise\" is not in roster.csv")));
  EXPECT_THAT(ledger_.events(), IsEmpty());
}

TEST_F(CrmImportTest, AMistakeInALookUpFileIsReportedByItsLine) {
  Write("products.csv", absl::StrCat(kProducts, "GTX Pro,MG\n,GTX\n"));
  EXPECT_THAT(
      Problems(""),
      ElementsAre("products.csv:4: product: \"GTX Pro\": stands already in line 2, which is "
                  "kept",
                  "products.csv:5: has no product; rows are found by it"));
}

TEST_F(CrmImportTest, ASecondImportAddsNothing) {
  const std::string rows =
      "D1,Ada Moss,GTXPro,Won,2017-03-01,1054\n"
      "D2,Bo Li,MG Special,Lost,2017-03-02,0\n"
      "D3,Bo Li,MG Special,Open,,\n";
  const ImportReport first = Import(rows);
  EXPECT_EQ(first.added, 6);  // three people, three deals
  const size_t events = ledger_.events().size();
  const ImportReport second = Import(rows);
  EXPECT_EQ(second.event_count(), 0);
  EXPECT_EQ(second.unchanged, 6);
  EXPECT_EQ(ledger_.events().size(), events);
}

TEST_F(CrmImportTest, AChangedRowAddsItsChange) {
  const std::string cancelled = "deals/D1 cancelled 2017-05-01";
  const struct {
    const char* what;
    std::vector<std::string> rows;  // imported one after another
    std::vector<std::string> want;  // what the last one adds
  } kCases[] = {
      {"open, then won",
       {"Ada Moss,GTX Pro,Open,,", "Ada Moss,GTX Pro,Won,2017-03-01,10"},
       {"deals/D1 booked 1000 2017-03-01"}},
      {"open, then lost",
       {"Ada Moss,GTX Pro,Open,,", "Ada Moss,GTX Pro,Lost,2017-03-01,0"},
       {"deals/D1 LOST"}},
      {"lost, then won",
       {"Ada Moss,GTX Pro,Lost,2017-03-01,0", "Ada Moss,GTX Pro,Won,2017-04-01,9"},
       {"deals/D1 booked 900 2017-04-01"}},
      {"another amount",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Won,2017-03-01,12"},
       {"deals/D1 restated 2017-03-01 amount 1200"}},
      {"another product, and its series",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,MG Special,Won,2017-03-01,10"},
       {"deals/D1 restated 2017-03-01 product MG Special series=MG"}},
      {"another agent",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Bo Li,GTX Pro,Won,2017-03-01,10"},
       {absl::StrCat("deals/D1 restated 2017-03-01 owner ", IdOf("Bo Li"))}},
      {"changed and changed back",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Won,2017-03-01,12",
        "Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Won,2017-03-01,12"},
       {"deals/D1 restated 2017-03-01 amount 1200"}},
      // The later restatement must not be dated before the earlier one.
      {"moved to a later date and back",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Won,2017-06-01,10",
        "Ada Moss,GTX Pro,Won,2017-03-01,10"},
       {"deals/D1 restated 2017-06-01 booked_on 2017-03-01"}},
      {"won, then lost",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Lost,2017-05-01,0"},
       {cancelled}},
      {"won, lost, lost on another day",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Lost,2017-04-01,0",
        "Ada Moss,GTX Pro,Lost,2017-05-01,0"},
       {"deals/D1 void", cancelled}},
      {"won, lost, won again for more",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Lost,2017-05-01,0",
        "Ada Moss,GTX Pro,Won,2017-03-01,12"},
       {"deals/D1 void", "deals/D1 restated 2017-05-01 amount 1200"}},
      {"won, restated, open again",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Won,2017-03-01,12",
        "Ada Moss,GTX Pro,Open,,"},
       {"deals/D1 void", "deals/D1 void", "deals/D1 Open"}},
      {"won, open, won again",
       {"Ada Moss,GTX Pro,Won,2017-03-01,10", "Ada Moss,GTX Pro,Open,,",
        "Ada Moss,GTX Pro,Won,2017-03-01,10"},
       {"deals/D1 booked 1000 2017-03-01"}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    ledger_ = FakeLedger();
    seen_ = 0;
    for (const std::string& row : c.rows) {
      News();
      EXPECT_THAT(Problems(absl::StrCat("D1,", row, "\n")), IsEmpty());
    }
    EXPECT_EQ(News(), c.want);
    Import(absl::StrCat("D1,", c.rows.back(), "\n"));
    EXPECT_THAT(News(), IsEmpty()) << "imported once more";
  }
}

TEST_F(CrmImportTest, ADealThatWasWonNeedsADayWhenItIsLost) {
  Import("D1,Ada Moss,GTX Pro,Won,2017-03-01,10\n");
  EXPECT_THAT(Problems("D1,Ada Moss,GTX Pro,Lost,,0\n"),
              ElementsAre(HasSubstr("deals.csv:2: deals.deal_id: \"D1\": a deal that was won is "
                                    "lost now, and the day is not given")));
}

TEST_F(CrmImportTest, FactsOfOtherSourcesAreLeftAlone) {
  const std::string row = "D1,Ada Moss,GTX Pro,Won,2017-03-01,10\n";
  Import(row);
  v1::Event adjusted;
  adjusted.mutable_deal_amended()->set_deal_id("D1");
  adjusted.mutable_deal_amended()->set_amended_on("2017-09-01");
  adjusted.mutable_deal_amended()->set_mode(v1::DealAmended::ADJUST);
  adjusted.mutable_deal_amended()->mutable_amount()->set_minor_units(1);
  ledger_.Say(adjusted, "finance");
  News();
  Import(row);
  EXPECT_THAT(News(), IsEmpty());
  // A restatement of the row comes after what others said.
  Import("D1,Ada Moss,GTX Pro,Won,2017-03-01,12\n");
  EXPECT_THAT(News(), ElementsAre("deals/D1 restated 2017-09-01 amount 1200"));
}

TEST_F(CrmImportTest, ADealOfAnotherSourceIsNotTouched) {
  v1::Event booked;
  booked.mutable_deal_booked()->set_deal_id("D1");
  ledger_.Say(booked, "billing");
  EXPECT_THAT(Problems("D1,Ada Moss,GTX Pro,Won,2017-03-01,10\n"),
              ElementsAre(HasSubstr("was booked by source \"billing\"")));
}

TEST_F(CrmImportTest, WhatAnotherSourceVoidedStaysVoided) {
  Import("D1,Ada Moss,GTX Pro,Won,2017-03-01,10\n");
  v1::Event voided;
  voided.mutable_fact_voided()->set_event_id(ledger_.Stream("deals/D1")[0].event_id());
  ledger_.Say(voided, "finance");
  News();
  EXPECT_THAT(Problems("D1,Ada Moss,GTX Pro,Won,2017-03-01,10\n"), IsEmpty());
  EXPECT_THAT(Problems("D1,Ada Moss,GTX Pro,Won,2017-03-01,12\n"),
              ElementsAre(HasSubstr("source \"finance\" voided what it said before")));
  EXPECT_THAT(News(), IsEmpty());
}

TEST_F(CrmImportTest, AMoveOnTheRosterHoldsFromTheDateOfTheMapping) {
  Import("");
  Write("roster.csv",
        absl::StrReplaceAll(kRoster, {{"Bo Li,Cara Losch,East", "Bo Li,Cara Losch,West"},
                                      {"Ada Moss", "Ada Moss"}}));
  mapping_ = absl::StrReplaceAll(
      kMapping, {{"2016-10-01", "2017-07-01"}, {"    name: manager\n", "    name: agent\n"}});
  const size_t before = ledger_.events().size();
  Import("");
  ASSERT_EQ(ledger_.events().size(), before + 1);
  EXPECT_EQ(Words(ledger_.events().back()),
            absl::StrCat("participants/", IdOf("Bo Li"), " Bo Li West"));
  EXPECT_EQ(ledger_.events().back().participant_changed().effective_from(), "2017-07-01");
}

TEST_F(CrmImportTest, AnErasedPersonIsNotNamedAgain) {
  Import("");
  v1::Event erased;
  erased.mutable_participant_erased()->set_participant_id(IdOf("Bo Li"));
  ledger_.Say(erased, "admin");
  Write("roster.csv",
        absl::StrReplaceAll(kRoster, {{"Bo Li,Cara Losch,East", "Bo Li,Cara Losch,West"}}));
  const size_t before = ledger_.events().size();
  for (const RowProblem& problem : Import("").problems) {
    EXPECT_THAT(problem.ToString(), HasSubstr("Cara Losch")) << "her two rows disagree";
  }
  EXPECT_EQ(ledger_.events().size(), before);
}

TEST_F(CrmImportTest, ADryRunSaysWhatItWouldDoAndWritesNothing) {
  const absl::StatusOr<ImportReport> report =
      TryImport(absl::StrCat(kHeader, "D1,Ada Moss,GTX Pro,Won,2017-03-01,10\nD2,,,Won,,\n"), true);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->events.at("deal_booked"), 1);
  EXPECT_EQ(report->bad, 1);
  EXPECT_THAT(ledger_.events(), IsEmpty());
}

TEST_F(CrmImportTest, ARowTheLedgerRefusesLeavesTheOthers) {
  std::string rows;
  for (int i = 0; i < 100; ++i) {
    absl::StrAppend(&rows, "D", i, ",Ada Moss,GTX Pro,Won,2017-03-01,10\n");
  }
  // Somebody books D37 between the import's reading of the stream and its append.
  LedgerPort port = ledger_.Port();
  LedgerPort racing = port;
  bool raced = false;
  racing.append = [&](const std::vector<v1::Event>& events, bool validate_only) {
    if (!raced) {
      v1::Event booked;
      booked.mutable_deal_booked()->set_deal_id("D37");
      ledger_.Say(booked, "billing");
      raced = true;
    }
    return port.append(events, validate_only);
  };
  Write("deals.csv", absl::StrCat(kHeader, rows));
  const absl::StatusOr<ImportMapping> mapping = ReadMapping(mapping_, "map.yaml");
  ASSERT_THAT(mapping, IsOk());
  ImportOptions options;
  options.csv_path = dir_.Path("deals.csv");
  options.id_key = kKey;
  const absl::StatusOr<ImportReport> report = ImportCrm(options, *mapping, racing);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->events.at("deal_booked"), 99);
  ASSERT_EQ(report->problems.size(), 1u);
  EXPECT_THAT(report->problems[0].ToString(),
              HasSubstr("deals.csv:39: the ledger refuses it: deals/D37 is at version 1"));
}

TEST_F(CrmImportTest, AnImportThatBrokeOffGoesOnWhereItWas) {
  std::string rows;
  for (int i = 0; i < 40; ++i) {
    absl::StrAppend(&rows, "D", i, ",Ada Moss,GTX Pro,Won,2017-03-01,10\n");
  }
  batch_events_ = 10;
  ledger_.FailFrom(3);
  EXPECT_THAT(TryImport(absl::StrCat(kHeader, rows)), StatusIs(absl::StatusCode::kUnavailable));
  ledger_.FailFrom(0);
  const ImportReport report = Import(rows);
  EXPECT_EQ(report.unchanged, 20);
  EXPECT_EQ(ledger_.events().size(), 43u);
}

TEST_F(CrmImportTest, FilesThatAreNotThereAreNamed) {
  const ImportMapping mapping = *ReadMapping(mapping_, "map.yaml");
  ImportOptions options;
  options.csv_path = dir_.Path("nothing.csv");
  EXPECT_THAT(ImportCrm(options, mapping, ledger_.Port()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("nothing.csv")));
}

TEST(IdKeyTest, IsMadeOnceAndKept) {
  const TempDir dir;
  const absl::StatusOr<std::string> made = LoadOrCreateIdKey(dir.Path("import.key"));
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->size(), 32u);
  EXPECT_EQ(*LoadOrCreateIdKey(dir.Path("import.key")), *made);
  EXPECT_NE(*LoadOrCreateIdKey(dir.Path("other.key")), *made);
}

TEST(IdKeyTest, AFileThatIsNoKeyIsRefused) {
  const TempDir dir;
  std::ofstream(dir.Path("import.key")) << "not a key\n";
  EXPECT_THAT(LoadOrCreateIdKey(dir.Path("import.key")),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("is no import key")));
  EXPECT_THAT(LoadOrCreateIdKey(dir.Path("no/such/folder.key")),
              StatusIs(absl::StatusCode::kUnavailable));
}

TEST(IdKeyTest, IdsDependOnNameAndKey) {
  EXPECT_EQ(ParticipantIdOf("key", "Ada Moss"), ParticipantIdOf("key", "Ada Moss"));
  EXPECT_NE(ParticipantIdOf("key", "Ada Moss"), ParticipantIdOf("key", "Ada Mos"));
  EXPECT_NE(ParticipantIdOf("key", "Ada Moss"), ParticipantIdOf("kez", "Ada Moss"));
  EXPECT_THAT(ParticipantIdOf("key", "Ada Moss"), testing::MatchesRegex("p-[0-9a-f]+"));
}

}  // namespace
}  // namespace payfold
