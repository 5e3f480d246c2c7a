// Every programme of the gallery, run through the API and judged by the figures
// that were worked out by hand in its about.md; and run from the command line,
// compared with its expected.txt. With PAYFOLD_UPDATE_GOLDEN=1 in the environment
// expected.txt is written first: look at what changed before you commit it.

#include "tools/gallery.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "google/protobuf/message.h"
#include "gtest/gtest.h"
#include "ledger/admission/validate.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/tools/payfold_process.h"

namespace payfold {

// How a failing test names its programme.
void PrintTo(const Programme& programme, std::ostream* out) { *out << programme.folder; }

namespace {

using ::payfold_testing::Finished;
using ::payfold_testing::IsOk;
using ::payfold_testing::RunPayfold;
using ::payfold_testing::StatusIs;
using ::payfold_testing::TempDir;
using ::testing::HasSubstr;

// A row of about.md's table: what a participant is to get for a component in a
// payout period.
struct Figure {
  std::string participant;
  std::string period;
  // A component's id, also after its plan's; in parentheses a sum of the
  // statement or of a plan's settlement, "(payable)".
  std::string component;
  int64_t amount = 0;  // Minor units of money, or units of a reward.
};

// "1,250.00" and "-3 fast-starter".
int64_t AmountOf(absl::string_view cell) {
  const std::string number = absl::StrReplaceAll(
      std::vector<std::string>(absl::StrSplit(cell, ' ')).front(), {{",", ""}, {".", ""}});
  int64_t amount = 0;
  EXPECT_TRUE(absl::SimpleAtoi(number, &amount)) << cell;
  return amount;
}

std::vector<Figure> FiguresOf(const Programme& programme) {
  std::vector<Figure> figures;
  for (const absl::string_view line : absl::StrSplit(programme.about, '\n')) {
    if (!absl::StartsWith(line, "| ") || absl::StartsWith(line, "| participant ")) continue;
    std::vector<std::string> cells = absl::StrSplit(line, '|');
    EXPECT_EQ(cells.size(), 7u) << line;
    for (std::string& cell : cells) absl::StripAsciiWhitespace(&cell);
    figures.push_back({cells[1], cells[2], cells[3], AmountOf(cells[4])});
  }
  return figures;
}

bool Names(const Figure& figure, const v1::Line& line) {
  return figure.participant == line.participant_id() && figure.period == line.payout_period() &&
         (figure.component == line.component_id() ||
          figure.component == absl::StrCat(line.plan_id(), "/", line.component_id()));
}

// Minor units of money, or units of a reward.
int64_t AmountOf(const v1::Line& line) {
  return line.has_reward() ? line.reward().units() : line.amount().minor_units();
}

// The field of `message` that a figure in parentheses names: "(held)" is
// held_minor_units. Nothing if it has none.
std::optional<int64_t> SumIn(const Figure& figure, const google::protobuf::Message& message) {
  const std::string name =
      absl::StrCat(figure.component.substr(1, figure.component.size() - 2), "_minor_units");
  const auto* field = message.GetDescriptor()->FindFieldByName(name);
  if (field == nullptr) return std::nullopt;
  return message.GetReflection()->GetInt64(message, field);
}

// A sum of the statement, else of its plans' settlements.
int64_t SumOnStatement(const Figure& figure, const GalleryOutcome& outcome) {
  EXPECT_TRUE(SumIn(figure, v1::Statement()) || SumIn(figure, v1::PlanSettlement()))
      << "statements have no " << figure.component;
  int64_t sum = 0;
  for (const v1::GetStatementResponse& response : outcome.statements) {
    for (const v1::Statement& statement : response.statements()) {
      if (statement.participant_id() != figure.participant || statement.period() != figure.period) {
        continue;
      }
      if (const auto own = SumIn(figure, statement); own.has_value()) {
        sum += *own;
        continue;
      }
      for (const v1::PlanSettlement& settlement : statement.settlements()) {
        sum += SumIn(figure, settlement).value_or(0);
      }
    }
  }
  return sum;
}

class Gallery : public testing::TestWithParam<Programme> {};

TEST_P(Gallery, PaysWhatWasWorkedOutByHand) {
  const TempDir directory;
  GlobalOptions options;
  options.data = directory.Path("data");
  auto session = Session::Open(options, /*create=*/true);
  ASSERT_THAT(session, IsOk());
  const auto outcome = RunProgramme(GetParam(), session->get());
  ASSERT_THAT(outcome, IsOk());
  std::set<std::string> expected_lines;
  const std::vector<Figure> figures = FiguresOf(GetParam());
  EXPECT_FALSE(figures.empty());
  for (const Figure& figure : figures) {
    int64_t amount = 0;
    if (absl::StartsWith(figure.component, "(")) {
      amount = SumOnStatement(figure, *outcome);
    } else {
      for (const v1::Line& line : outcome->lines.lines()) {
        if (!Names(figure, line)) continue;
        amount += AmountOf(line);
        expected_lines.insert(line.line_id());
      }
    }
    EXPECT_EQ(amount, figure.amount)
        << figure.participant << ", " << figure.period << ", " << figure.component;
  }
  for (const v1::Line& line : outcome->lines.lines()) {
    if (AmountOf(line) == 0) continue;
    EXPECT_EQ(expected_lines.count(line.line_id()), 1u)
        << line.line_id() << " pays " << AmountOf(line) << ", of which about.md says nothing";
  }
}

TEST_P(Gallery, PrintsItsExpectedStatements) {
  const std::string path =
      absl::StrCat(PAYFOLD_GALLERY_DIR, "/", GetParam().folder, "/expected.txt");
  const Finished finished = RunPayfold({"gallery", "run", GetParam().folder});
  ASSERT_EQ(finished.exit_code, 0) << finished.err;
  if (std::getenv("PAYFOLD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << finished.out;
  }
  std::ostringstream kept;
  kept << std::ifstream(path, std::ios::binary).rdbuf();
  EXPECT_EQ(finished.out, kept.str());
}

TEST_P(Gallery, StatesFactsThatKeepTheRulesAndHaveTheirOwnIds) {
  std::set<std::string> ids;
  for (const Violation& violation : ValidateBatch(GetParam().events)) {
    ADD_FAILURE() << violation.field << ": " << violation.message;
  }
  for (const v1::Event& event : GetParam().events) {
    EXPECT_TRUE(ids.insert(event.event_id()).second) << event.event_id();
  }
  EXPECT_FALSE(GetParam().plans.empty());
}

std::string NameOfTest(const testing::TestParamInfo<Programme>& programme) {
  return absl::StrReplaceAll(programme.param.folder, {{"-", "_"}});
}

INSTANTIATE_TEST_SUITE_P(Programmes, Gallery, testing::ValuesIn(GalleryProgrammes()), NameOfTest);

TEST(GalleryProgrammesTest, AreTwentyInOrder) {
  const std::vector<Programme> programmes = GalleryProgrammes();
  ASSERT_EQ(programmes.size(), 20u);
  for (size_t i = 0; i < programmes.size(); ++i) {
    int number = 0;
    EXPECT_TRUE(absl::SimpleAtoi(programmes[i].number(), &number));
    EXPECT_EQ(number, static_cast<int>(i) + 1);
  }
}

TEST(GalleryProgrammesTest, AreFoundByNumberNameAndFolder) {
  for (const char* name : {"6", "06", "hierarchy", "06-hierarchy"}) {
    const auto programme = FindProgramme(name);
    ASSERT_THAT(programme, IsOk());
    EXPECT_EQ(programme->folder, "06-hierarchy");
  }
  EXPECT_THAT(FindProgramme("0"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(FindProgramme(""), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(FindProgramme("hierarch").status().message(), HasSubstr("manager-override"));
}

TEST(GalleryCommand, ListsEveryProgramme) {
  for (const char* format : {"", "--csv", "--json"}) {
    std::vector<std::string> arguments = {"gallery", "list"};
    if (*format != '\0') arguments.push_back(format);
    const Finished finished = RunPayfold(arguments);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    for (const Programme& programme : GalleryProgrammes()) {
      EXPECT_THAT(finished.out, HasSubstr(std::string(programme.name())));
      EXPECT_THAT(finished.out, HasSubstr(std::string(programme.number())));
    }
  }
}

TEST(GalleryCommand, RefusesAProgrammeThatIsNotThere) {
  const Finished finished = RunPayfold({"gallery", "run", "none"});
  EXPECT_EQ(finished.exit_code, 1);
  EXPECT_EQ(finished.out, "");
  EXPECT_THAT(finished.err, HasSubstr("there is no programme \"none\""));
}

TEST(GalleryCommand, LeavesTheLedgerInTheDirectoryItIsGiven) {
  const TempDir directory;
  const std::string data = directory.Path("data");
  const std::vector<std::string> run = {"gallery", "run", "split", "--data", data};
  EXPECT_EQ(RunPayfold(run).exit_code, 0);
  const Finished statement = RunPayfold({"statement", "sam", "2025-03", "--data", data});
  EXPECT_THAT(statement.out, HasSubstr("1,401.00"));
  EXPECT_EQ(RunPayfold(run).exit_code, 1);  // The ledger is there.
}

}  // namespace
}  // namespace payfold
