#include "projections/journal/account_name.h"

#include <map>
#include <regex>
#include <string>

#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "tests/support/random_source.h"

namespace payfold_testing {
namespace {

using payfold::AccountPart;

constexpr char kIdCharacters[] = "abcdkhuxyzABCKZ019.._~@:---";

std::string RandomId(RandomSource* random) {
  std::string id;
  const int size = random->Int(1, 6);
  while (static_cast<int>(id.size()) < size) {
    const char c = kIdCharacters[random->Between(0, sizeof(kIdCharacters) - 2)];
    if (!id.empty() || std::isalnum(static_cast<unsigned char>(c)) != 0) id.push_back(c);
  }
  return id;
}

// The id that a part stands for, read from left to right.
std::string IdOf(std::string part) {
  const bool capital = part.size() > 3 && part.compare(part.size() - 3, 3, "--k") == 0;
  if (capital) part.resize(part.size() - 3);
  std::string id;
  const std::map<char, char> characters = {{'d', '.'}, {'u', '_'}, {'t', '~'},
                                           {'a', '@'}, {'c', ':'}, {'h', '-'}};
  for (size_t i = 0; i < part.size(); ++i) {
    if (part.compare(i, 2, "--") == 0) {
      id.push_back(characters.at(part[i + 2]));
      i += 2;
    } else {
      id.push_back(part[i]);
    }
  }
  if (!capital) id[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(id[0])));
  return id;
}

TEST(AccountName, AnIdBecomesAPartThatAllThreeToolsTake) {
  const struct {
    std::string id;
    std::string part;
  } kCases[] = {
      {"ana", "Ana"},
      {"Ana", "Ana--k"},
      {"ae-2025", "Ae-2025"},
      {"D-17", "D-17--k"},
      {"17", "17"},
      {"a.b", "A--db"},
      {"a_b", "A--ub"},
      {"a~b", "A--tb"},
      {"a@b", "A--ab"},
      {"a:b", "A--cb"},
      {"a-", "A--h"},
      {"a--d", "A--h-d"},
      {"a-.", "A--h--d"},
      {"a--", "A--h--h"},
      {"a-k", "A-k"},
      {"a--k", "A--h-k"},
      {"x.y@z.com", "X--dy--az--dcom"},
  };
  for (const auto& c : kCases) EXPECT_EQ(AccountPart(c.id), c.part) << c.id;
}

TEST(AccountName, TwoIdsNeverShareAPart) {
  const std::regex grammar("[A-Z0-9][A-Za-z0-9-]*");
  RandomSource random(7);
  std::map<std::string, std::string> id_of_part;
  for (int i = 0; i < 200'000; ++i) {
    const std::string id = RandomId(&random);
    const std::string part = AccountPart(id);
    ASSERT_TRUE(std::regex_match(part, grammar)) << id << ": " << part;
    ASSERT_EQ(IdOf(part), id) << part;
    ASSERT_EQ(id_of_part.emplace(part, id).first->second, id) << part;
  }
}

TEST(AccountName, AccountsAreThoseOfTheSpecification) {
  EXPECT_EQ(payfold::CommissionExpense("ae"), "Expenses:Commissions:Ae");
  EXPECT_EQ(payfold::CommissionExpense(""), "Expenses:Adjustments");
  EXPECT_EQ(payfold::CommissionLiability("ana"), "Liabilities:Commissions:Ana");
  EXPECT_EQ(payfold::HeldLiability("ana"), "Liabilities:Held:Ana");
  EXPECT_EQ(payfold::DrawAsset("ana"), "Assets:Draws:Ana");
  EXPECT_EQ(payfold::Cash("USD"), "Assets:Cash:USD");
  EXPECT_EQ(payfold::OpeningEquity(), "Equity:Opening");
}

}  // namespace
}  // namespace payfold_testing
