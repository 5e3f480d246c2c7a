#include "ledger/base/quote.h"

#include <string>

#include "gtest/gtest.h"

namespace payfold {
namespace {

TEST(QuoteTest, EscapesWhatWouldNotShow) {
  EXPECT_EQ(Quote(""), R"("")");
  EXPECT_EQ(Quote("Q1"), R"("Q1")");
  EXPECT_EQ(Quote("a\n\"b\x01"), R"("a\n\"b\x01")");
}

TEST(QuoteTest, CutsWhatIsLong) {
  EXPECT_EQ(Quote(std::string(40, 'x')), "\"" + std::string(40, 'x') + "\"");
  EXPECT_EQ(Quote(std::string(41, 'x')), "\"" + std::string(40, 'x') + "\"...");
}

}  // namespace
}  // namespace payfold
