#include "ledger/plan/shorthand.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"

namespace payfold {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::EnumDescriptor;
using ::google::protobuf::EnumValueDescriptor;
using ::google::protobuf::FieldDescriptor;

// A message or enum value, and the field of the message that its short form sets.
struct Row {
  absl::string_view name;
  const char* field;
};

constexpr Row kFieldsOfValues[] = {
    {"FixedTarget", "value"},
    {"Cap", "amount"},
    {"MetricMeasure", "name"},
};

constexpr Row kFieldsOfLists[] = {
    {"Bands", "bands"},
};

constexpr Row kFieldsOfArguments[] = {
    {"DealMeasure.COUNT_DISTINCT", "attribute"},
    {"MetricMeasure.COUNT_DISTINCT", "dimension"},
    {"PopulationTarget.RANK", "argument"},
    {"PopulationTarget.PERCENTILE", "argument"},
    {"PopulationTarget.MEAN_PLUS_SIGMA", "argument"},
    {"Pool.BY_ATTRIBUTE", "attribute"},
    {"Instalment.AFTER_DAYS", "n"},
    {"Instalment.AFTER_MONTHS", "n"},
};

template <size_t n>
const char* Find(const Row (&rows)[n], const std::string& full_name) {
  const absl::string_view name = absl::StripPrefix(full_name, "payfold.v1.");
  const Row* row =
      std::find_if(std::begin(rows), std::end(rows), [&](const Row& r) { return r.name == name; });
  return row == std::end(rows) ? nullptr : row->field;
}

const FieldDescriptor* OnlyField(const Descriptor& type) {
  return type.field_count() == 1 ? type.field(0) : nullptr;
}

bool IsUnspecified(const EnumValueDescriptor& value) { return value.number() == 0; }

}  // namespace

const FieldDescriptor* FieldOfValue(const Descriptor& type) {
  if (const char* name = Find(kFieldsOfValues, type.full_name()); name != nullptr) {
    return type.FindFieldByName(name);
  }
  const FieldDescriptor* only = OnlyField(type);
  const bool is_text = only != nullptr && !only->is_repeated() &&
                       only->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  return is_text ? only : nullptr;
}

const FieldDescriptor* FieldOfList(const Descriptor& type) {
  if (const char* name = Find(kFieldsOfLists, type.full_name()); name != nullptr) {
    return type.FindFieldByName(name);
  }
  const FieldDescriptor* only = OnlyField(type);
  return only != nullptr && only->is_repeated() && !only->is_map() ? only : nullptr;
}

const FieldDescriptor* FieldOfMapping(const Descriptor& type) {
  const FieldDescriptor* only = OnlyField(type);
  return only != nullptr && only->is_map() ? only : nullptr;
}

std::vector<const FieldDescriptor*> Words(const Descriptor& type) {
  std::vector<const FieldDescriptor*> words;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor* field = type.field(i);
    if (field->containing_oneof() != nullptr && field->message_type() != nullptr &&
        field->message_type()->field_count() == 0) {
      words.push_back(field);
    }
  }
  return words;
}

EnumText SplitEnumText(absl::string_view text) {
  const size_t open = text.find('(');
  if (open == absl::string_view::npos || !absl::EndsWith(text, ")")) return {text, std::nullopt};
  const absl::string_view inside = text.substr(open + 1, text.size() - open - 2);
  return {absl::StripTrailingAsciiWhitespace(text.substr(0, open)),
          absl::StripAsciiWhitespace(inside)};
}

const EnumValueDescriptor* FindEnumValue(const EnumDescriptor& type, absl::string_view name) {
  for (int i = 0; i < type.value_count(); ++i) {
    const EnumValueDescriptor* value = type.value(i);
    if (!IsUnspecified(*value) && absl::EqualsIgnoreCase(value->name(), name)) return value;
  }
  return nullptr;
}

std::string EnumNames(const EnumDescriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (!IsUnspecified(*type.value(i))) names.push_back(type.value(i)->name());
  }
  return absl::StrJoin(names, ", ");
}

const FieldDescriptor* FieldOfArgument(const EnumValueDescriptor& value,
                                       const Descriptor& message) {
  const char* name = Find(kFieldsOfArguments, value.full_name());
  return name == nullptr ? nullptr : message.FindFieldByName(name);
}

namespace {

// Levenshtein's distance, by rows.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string NearestName(absl::string_view name, const std::vector<std::string>& known,
                        std::optional<size_t> most) {
  constexpr size_t kLongest = 64;
  if (name.size() > kLongest) return "";
  const std::string lower = absl::AsciiStrToLower(name);
  std::string nearest;
  size_t best = most.value_or(std::max<size_t>(2, name.size() / 3)) + 1;
  for (const std::string& candidate : known) {
    const size_t distance = EditDistance(lower, candidate);
    if (distance < best && distance < candidate.size()) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string NearestEnumName(const EnumDescriptor& type, absl::string_view name) {
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (!IsUnspecified(*type.value(i)))
      names.push_back(absl::AsciiStrToLower(type.value(i)->name()));
  }
  return absl::AsciiStrToUpper(NearestName(name, names));
}

}  // namespace payfold
