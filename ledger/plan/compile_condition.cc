// Conditions on attributes of deals and metrics.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/shorthand.h"

namespace payfold {
namespace {

using Conditions = google::protobuf::RepeatedPtrField<v1::Condition>;

struct Reader {
  bool of_deals;
  Findings* findings;

  std::vector<Condition> ReadAll(const Conditions& conditions, const std::string& path) const;
  Condition ReadOne(const v1::Condition& condition, const std::string& path) const;
  void ReadTest(const v1::Condition& condition, const std::string& path, Condition* result) const;
  void ReadBound(Condition::Test test, const std::string& text, absl::string_view name,
                 const std::string& path, Condition* result) const;
  void ReadAny(const v1::Condition& condition, const std::string& path, Condition* result) const;
  void CheckAttribute(const v1::Condition& condition, const std::string& path) const;
  void CheckValues(const Condition& condition, const std::string& path) const;
};

int TestCount(const v1::Condition& c) {
  return !c.any_of().empty() + !c.none_of().empty() + !c.at_least().empty() + !c.above().empty() +
         !c.at_most().empty() + !c.below().empty() + !c.any().empty();
}

void Reader::ReadBound(Condition::Test test, const std::string& text, absl::string_view name,
                       const std::string& path, Condition* result) const {
  if (text.empty()) return;
  result->test = test;
  result->bound = findings->ReadDecimal(text, Child(path, name)).value_or(0);
}

void Reader::ReadAny(const v1::Condition& condition, const std::string& path,
                     Condition* result) const {
  result->test = Condition::Test::kAny;
  for (int i = 0; i < condition.any_size(); ++i) {
    const std::string list = Element(Child(path, "any"), i);
    if (condition.any(i).all().empty()) {
      findings->Error(list, "is empty and would match everything: name at least one condition");
    }
    result->any.push_back(ReadAll(condition.any(i).all(), Child(list, "all")));
  }
  if (!condition.attribute().empty()) {
    findings->Error(Child(path, "attribute"),
                    "is given beside `any`, which stands instead of an attribute: remove one");
  }
}

// A name that is nearly one of the deal's own fields is probably meant to be it.
void Reader::CheckAttribute(const v1::Condition& condition, const std::string& path) const {
  const std::string here = Child(path, "attribute");
  if (condition.attribute().empty()) {
    findings->Error(here, "is required: the attribute that is tested");
  } else if (of_deals) {
    static const auto* const fields = new std::vector<std::string>{
        "product",     "segment", "territory", "channel", "customer_id",
        "term_months", "amount",  "currency",  "source"};
    const std::string nearest =
        NearestName(condition.attribute(), *fields, condition.attribute().size() / 5);
    if (!nearest.empty() && nearest != condition.attribute()) {
      findings->Warning(here, absl::StrCat(Quote(condition.attribute()),
                                           " is taken as an attribute of your own: did you mean `",
                                           nearest, "`?"));
    }
  }
}

void Reader::CheckValues(const Condition& condition, const std::string& path) const {
  for (const std::string& value : condition.values) {
    if (value.empty()) {
      findings->Warning(path, "tests for an empty text, which no fact states: remove it");
    }
  }
}

void Reader::ReadTest(const v1::Condition& condition, const std::string& path,
                      Condition* result) const {
  using Test = Condition::Test;
  if (!condition.any_of().empty()) {
    result->test = Test::kAnyOf;
    result->values.assign(condition.any_of().begin(), condition.any_of().end());
    CheckValues(*result, Child(path, "any_of"));
  } else if (!condition.none_of().empty()) {
    result->test = Test::kNoneOf;
    result->values.assign(condition.none_of().begin(), condition.none_of().end());
    CheckValues(*result, Child(path, "none_of"));
  }
  ReadBound(Test::kAtLeast, condition.at_least(), "at_least", path, result);
  ReadBound(Test::kAbove, condition.above(), "above", path, result);
  ReadBound(Test::kAtMost, condition.at_most(), "at_most", path, result);
  ReadBound(Test::kBelow, condition.below(), "below", path, result);
}

Condition Reader::ReadOne(const v1::Condition& condition, const std::string& path) const {
  Condition result;
  result.attribute = condition.attribute();
  if (TestCount(condition) != 1) {
    findings->Error(path, absl::StrCat("has ", TestCount(condition),
                                       " tests: give exactly one of any_of, none_of, at_least, "
                                       "above, at_most, below, any"));
  }
  ReadTest(condition, path, &result);
  if (!condition.any().empty()) {
    ReadAny(condition, path, &result);
  } else {
    CheckAttribute(condition, path);
  }
  return result;
}

std::vector<Condition> Reader::ReadAll(const Conditions& conditions,
                                       const std::string& path) const {
  std::vector<Condition> result;
  for (int i = 0; i < conditions.size(); ++i) {
    result.push_back(ReadOne(conditions[i], Element(path, i)));
  }
  return result;
}

}  // namespace

std::vector<Condition> CompileConditions(const Conditions& conditions, bool of_deals,
                                         const std::string& path, Compilation* c) {
  return Reader{of_deals, &c->findings}.ReadAll(conditions, path);
}

}  // namespace payfold
