#include "tools/table.h"

#include <string>

#include "gtest/gtest.h"

namespace payfold {
namespace {

TEST(Table, AlignsColumnsAndPutsNumbersToTheRight) {
  Table table({{"participant"}, {"earned", Align::kRight}, {"note"}});
  table.Add({"ana", "1,200.00", "first"});
  table.Add({"benjamin-long", "7.50", ""});
  EXPECT_EQ(table.ToText(),
            "participant      earned  note\n"
            "ana            1,200.00  first\n"
            "benjamin-long      7.50\n");
}

TEST(Table, IndentsEachLine) {
  Table table({{"a"}});
  table.Add({"x"});
  EXPECT_EQ(table.ToText("  "), "  a\n  x\n");
}

TEST(Table, MeasuresTextAsATerminalShowsIt) {
  EXPECT_EQ(DisplayWidth("Zoe"), 3U);
  EXPECT_EQ(DisplayWidth("Zoë"), 3U);
  EXPECT_EQ(DisplayWidth("Zoe\xCC\x88"), 3U);  // e with a combining diaeresis
  EXPECT_EQ(DisplayWidth("山田"), 4U);
  EXPECT_EQ(DisplayWidth("🎯"), 2U);
  EXPECT_EQ(DisplayWidth(""), 0U);
  EXPECT_EQ(DisplayWidth("a\xFFz"), 3U);    // a byte that is no UTF-8
  EXPECT_EQ(DisplayWidth("\xE5\xB1"), 2U);  // a character cut short
}

TEST(Table, AlignsWideAndAccentedNames) {
  Table table({{"name"}, {"deals", Align::kRight}});
  table.Add({"Zoë", "1"});
  table.Add({"山田", "12"});
  EXPECT_EQ(table.ToText(),
            "name  deals\n"
            "Zoë       1\n"
            "山田     12\n");
}

TEST(Table, ControlCharactersDoNotReachTheTerminal) {
  Table table({{"name"}});
  table.Add({"a\x1b[31m\nb"});
  EXPECT_EQ(table.ToText(), "name\na?[31m?b\n");
}

TEST(Table, CsvQuotesOnlyWhatMustBeQuoted) {
  EXPECT_EQ(CsvLine({"plain", "two words", ""}), "plain,two words,\r\n");
  EXPECT_EQ(CsvLine({"a,b", "say \"x\"", "line\nbreak"}),
            "\"a,b\",\"say \"\"x\"\"\",\"line\nbreak\"\r\n");
}

TEST(Table, CsvBeginsWithTheTitles) {
  Table table({{"participant"}, {"earned", Align::kRight}});
  EXPECT_EQ(table.ToCsv(), "participant,earned\r\n");
  table.Add({"ana", "1200.00"});
  EXPECT_EQ(table.ToCsv(), "participant,earned\r\nana,1200.00\r\n");
}

}  // namespace
}  // namespace payfold
