#include "tools/import/csv.h"

#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace payfold {
namespace {

using ::payfold_testing::IsOk;
using ::testing::HasSubstr;

// What follows the header "a,b": records as "LINE:x|y", problems as "LINE!problem".
std::string Read(const std::string& text) {
  std::istringstream in(text);
  CsvReader reader(&in);
  const absl::Status header = reader.ReadHeader();
  if (!header.ok()) return std::string(header.message());
  std::string result;
  for (CsvRecord record; reader.Next(&record);) {
    absl::StrAppend(&result, result.empty() ? "" : " ", record.line,
                    record.problem.empty() ? ":" : "!",
                    record.problem.empty() ? absl::StrJoin(record.fields, "|") : record.problem);
  }
  return result;
}

TEST(CsvTest, ReadsWhatRfc4180Describes) {
  const struct {
    const char* what;
    std::string text;
    std::string want;
  } kCases[] = {
      {"plain", "a,b\n1,2\n3,4\n", "2:1|2 3:3|4"},
      {"no line break at the end", "a,b\n1,2", "2:1|2"},
      {"CRLF", "a,b\r\n1,2\r\n3,4\r\n", "2:1|2 3:3|4"},
      {"a byte-order mark",
       "\xEF\xBB\xBF"
       "a,b\n1,2\n",
       "2:1|2"},
      {"empty fields", "a,b\n,\n", "2:|"},
      {"blank lines", "a,b\n\n1,2\n\r\n3,4\n", "3:1|2 5:3|4"},
      {"quotes", "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", "2:x,y|say \"hi\""},
      {"a line break in quotes", "a,b\n\"x\ny\",2\n3,4\n", "2:x\ny|2 4:3|4"},
      {"CRLF in quotes becomes LF", "a,b\r\n\"x\r\ny\",2\r\n", "2:x\ny|2"},
      {"an empty quoted field", "a,b\n\"\",2\n", "2:|2"},
      {"UTF-8", "a,b\nZoë,Łódź\n", "2:Zoë|Łódź"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Read(c.text), c.want) << c.what;
}

TEST(CsvTest, NamesWhatIsWrongByLineAndGoesOn) {
  const struct {
    const char* what;
    std::string text;
    std::string want;
  } kCases[] = {
      {"too few fields", "a,b\n1\n3,4\n", "2!has 1 fields where the header has 2 3:3|4"},
      {"too many fields", "a,b\n1,2,3\n", "2!has 3 fields where the header has 2"},
      {"a quote that stays open", "a,b\n\"1,2\n3,4\n5,6\n",
       "2!opens a quote that is never closed 3:3|4 4:5|6"},
      {"text after a closing quote", "a,b\n\"1\"x,2\n3,4\n",
       "2!field 1 goes on after its closing quote; double the quotes inside it 3:3|4"},
      {"a quote in a plain field", "a,b\n1,2\"\n3,4\n",
       "2!field 2 has a quote inside but is not quoted; quote the field 3:3|4"},
      {"a lone carriage return", "a,b\n1\r5,2\n",
       "2!has a carriage return outside quotes; end lines with LF or CRLF"},
      {"a NUL byte", std::string("a,b\n1\0,2\n3,4\n", 13),
       "2!has a NUL byte; is this a text file? 3:3|4"},
      {"Latin-1", "a,b\nZo\xEB,2\n3,4\n", "2!is not UTF-8; save the file with that encoding 3:3|4"},
      {"an over-long UTF-8 form", "a,b\n\xC0\xAF,2\n",
       "2!is not UTF-8; save the file with that encoding"},
  };
  for (const auto& c : kCases) EXPECT_EQ(Read(c.text), c.want) << c.what;
}

TEST(CsvTest, RefusesOverLongRecords) {
  const std::string longest(CsvReader::kMaxRecordBytes - 3, 'x');
  EXPECT_EQ(Read(absl::StrCat("a,b\n", longest, ",2\n")), absl::StrCat("2:", longest, "|2"));
  EXPECT_EQ(Read(absl::StrCat("a,b\n", longest, "x,2\n3,4\n")),
            "2!is longer than 65536 bytes 3:3|4");
}

// A quote that stays open in a long file costs its line, not the file.
TEST(CsvTest, AStrayQuoteCostsOneLine) {
  std::string text = "a,b\n\"1,2\n";
  for (int i = 0; i < 20'000; ++i) text += "3,4\n";
  std::istringstream in(text);
  CsvReader reader(&in);
  ASSERT_THAT(reader.ReadHeader(), IsOk());
  int good = 0;
  int bad = 0;
  for (CsvRecord record; reader.Next(&record);) ++(record.problem.empty() ? good : bad);
  EXPECT_EQ(good, 20'000);
  EXPECT_EQ(bad, 1);
}

TEST(CsvTest, AHeaderMustNameEveryColumnOnce) {
  EXPECT_THAT(Read(""), HasSubstr("the file is empty"));
  EXPECT_THAT(Read("\n\n"), HasSubstr("the file is empty"));
  EXPECT_THAT(Read("a,,c\n"), HasSubstr("line 1: column 2 has no name"));
  EXPECT_THAT(Read("a,b,a\n"), HasSubstr("column \"a\" stands twice"));
}

TEST(CsvTest, FindsColumnsByName) {
  std::istringstream in("id,agent\n");
  CsvReader reader(&in);
  ASSERT_THAT(reader.ReadHeader(), IsOk());
  EXPECT_EQ(reader.Column("agent"), 1u);
  EXPECT_EQ(reader.Column("Agent"), std::nullopt);
}

}  // namespace
}  // namespace payfold
