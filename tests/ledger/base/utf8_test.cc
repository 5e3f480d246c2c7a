#include "ledger/base/utf8.h"

#include "gtest/gtest.h"

namespace payfold {
namespace {

TEST(Utf8Test, TakesEveryLengthAndNothingElse) {
  for (const char* good : {"", "a\n", "\xc3\xa9", "\xe2\x80\x94", "\xf0\x9f\x98\x80"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                          "\xf0\x80\x80\xaf", "\xf4\x90\x80\x80", "\xff", "caf\xe9"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace payfold
