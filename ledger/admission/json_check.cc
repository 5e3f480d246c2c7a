#include "ledger/admission/json_check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "ledger/admission/fields.h"
#include "ledger/base/quote.h"
#include "ledger/base/status_macros.h"
#include "ledger/base/utf8.h"

namespace payfold {
namespace {

constexpr absl::string_view kNegativeZero = "negative zero is a mistake of the source: write 0";

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;

constexpr int kMaxDepth = 90;  // Below protobuf's own limit of 100.

// Levenshtein's.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

void AppendUtf8(uint32_t code, std::string* out) {
  const auto put = [out](uint32_t byte) { out->push_back(static_cast<char>(byte)); };
  if (code < 0x80) return put(code);
  if (code < 0x800) {
    put(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
  }
  put(0x80 | (code & 0x3F));
}

// "; did you mean "members"?", or what there is if nothing is near.
std::string Suggest(absl::string_view name, const std::vector<std::string>& known) {
  const auto nearest = std::min_element(known.begin(), known.end(),
                                        [name](const std::string& a, const std::string& b) {
                                          return EditDistance(name, a) < EditDistance(name, b);
                                        });
  if (nearest == known.end()) return "; it takes no fields";
  if (EditDistance(name, *nearest) <= std::max<size_t>(2, nearest->size() / 3)) {
    return absl::StrCat("; did you mean \"", *nearest, "\"?");
  }
  return absl::StrCat("; use one of ", absl::StrJoin(known, ", "));
}

class Checker {
 public:
  explicit Checker(absl::string_view json) : json_(json) {}

  absl::Status CheckDocument(const Descriptor& message) {
    SkipSpace();
    if (!At('{')) return Refuse("an object must stand here, as in {\"event_id\": …}");
    RETURN_IF_ERROR(Object(message, "", 0));
    SkipSpace();
    if (pos_ < json_.size()) return Refuse("something follows the object: one object a line");
    return absl::OkStatus();
  }

 private:
  absl::Status Object(const Descriptor& message, const std::string& path, int depth);
  absl::Status Member(const Descriptor& message, const std::string& path, int depth,
                      std::set<int>* seen, std::set<int>* oneofs);
  absl::Status Map(const FieldDescriptor& field, const std::string& path, int depth);
  absl::Status List(const FieldDescriptor& field, const std::string& path, int depth);
  // A whole field, or one of its elements.
  absl::Status Field(const FieldDescriptor& field, const std::string& path, int depth);
  absl::Status Single(const FieldDescriptor& field, const std::string& path, int depth);
  absl::Status EnumValue(const EnumDescriptor& type, const std::string& path);
  absl::Status Number();
  absl::Status String(std::string* value);
  absl::Status Escape(std::string* value);
  absl::Status HexUnit(uint32_t* unit);

  bool At(char c) const { return pos_ < json_.size() && json_[pos_] == c; }
  bool AtDigit() const {
    return pos_ < json_.size() && absl::ascii_isdigit(static_cast<unsigned char>(json_[pos_]));
  }
  bool Take(char c) {
    if (!At(c)) return false;
    ++pos_;
    return true;
  }
  bool TakeWord(absl::string_view word) {
    if (!absl::StartsWith(json_.substr(pos_), word)) return false;
    pos_ += word.size();
    return true;
  }
  void SkipSpace() {
    while (At(' ') || At('\t') || At('\n') || At('\r')) ++pos_;
  }
  // The separator after an element: true if another one follows, at which it stands.
  absl::StatusOr<bool> Another(char close) {
    SkipSpace();
    if (Take(close)) return false;
    if (!Take(',')) {
      return Refuse(absl::StrCat("a comma or \"", std::string(1, close), "\" is missing"));
    }
    SkipSpace();
    return true;
  }
  absl::Status RefuseAt(size_t pos, absl::string_view why) const {
    return absl::InvalidArgumentError(absl::StrCat("column ", pos + 1, ": ", why));
  }
  absl::Status Refuse(absl::string_view why) const {
    if (pos_ >= json_.size()) return RefuseAt(pos_, absl::StrCat("the text ends here, but ", why));
    return RefuseAt(pos_, why);
  }

  const absl::string_view json_;
  size_t pos_ = 0;
};

absl::Status Checker::Object(const Descriptor& message, const std::string& path, int depth) {
  if (depth > kMaxDepth) return Refuse("objects are nested too deeply");
  if (!Take('{')) return Refuse(absl::StrCat(path, " must be an object, {…}"));
  std::set<int> seen;
  std::set<int> oneofs;
  SkipSpace();
  if (Take('}')) return absl::OkStatus();
  for (bool more = true; more;) {
    RETURN_IF_ERROR(Member(message, path, depth, &seen, &oneofs));
    ASSIGN_OR_RETURN(more, Another('}'));
  }
  return absl::OkStatus();
}

absl::Status Checker::Member(const Descriptor& message, const std::string& path, int depth,
                             std::set<int>* seen, std::set<int>* oneofs) {
  const size_t start = pos_;
  std::string name;
  RETURN_IF_ERROR(String(&name));
  const FieldDescriptor* field = message.FindFieldByName(name);
  if (field == nullptr) field = message.FindFieldByCamelcaseName(name);
  if (field == nullptr) {
    std::vector<std::string> known;
    for (int i = 0; i < message.field_count(); ++i) known.push_back(message.field(i)->name());
    return RefuseAt(start, absl::StrCat(path.empty() ? "" : path + ": ", "there is no field ",
                                        Quote(name), Suggest(name, known)));
  }
  const std::string inner = absl::StrCat(path, path.empty() ? "" : ".", field->name());
  if (!seen->insert(field->number()).second) {
    return RefuseAt(start, absl::StrCat(inner, " stands twice: remove one"));
  }
  SkipSpace();
  if (!Take(':')) return Refuse("a colon must follow the name of a field");
  SkipSpace();
  if (TakeWord("null")) return absl::OkStatus();
  if (field->real_containing_oneof() != nullptr &&
      !oneofs->insert(field->real_containing_oneof()->index()).second) {
    return RefuseAt(start,
                    absl::StrCat(inner, " is a second ", field->real_containing_oneof()->name(),
                                 ": give exactly one"));
  }
  return Field(*field, inner, depth);
}

absl::Status Checker::Field(const FieldDescriptor& field, const std::string& path, int depth) {
  if (field.is_map()) return Map(field, path, depth);
  return field.is_repeated() ? List(field, path, depth) : Single(field, path, depth);
}

absl::Status Checker::Map(const FieldDescriptor& field, const std::string& path, int depth) {
  if (!Take('{')) return Refuse(absl::StrCat(path, " must be an object, {\"name\": …}"));
  std::set<std::string> seen;
  SkipSpace();
  if (Take('}')) return absl::OkStatus();
  for (bool more = true; more;) {
    const size_t start = pos_;
    std::string key;
    RETURN_IF_ERROR(String(&key));
    const std::string inner = absl::StrCat(path, "[", Quote(key), "]");
    if (!seen.insert(key).second) {
      return RefuseAt(start, absl::StrCat(inner, " stands twice: remove one"));
    }
    SkipSpace();
    if (!Take(':')) return Refuse("a colon must follow the name");
    SkipSpace();
    RETURN_IF_ERROR(Single(*field.message_type()->map_value(), inner, depth));
    ASSIGN_OR_RETURN(more, Another('}'));
  }
  return absl::OkStatus();
}

absl::Status Checker::List(const FieldDescriptor& field, const std::string& path, int depth) {
  if (!Take('[')) return Refuse(absl::StrCat(path, " must be a list, […]"));
  SkipSpace();
  if (Take(']')) return absl::OkStatus();
  size_t index = 0;
  for (bool more = true; more; ++index) {
    RETURN_IF_ERROR(Single(field, absl::StrCat(path, "[", index, "]"), depth));
    ASSIGN_OR_RETURN(more, Another(']'));
  }
  return absl::OkStatus();
}

absl::Status Checker::Single(const FieldDescriptor& field, const std::string& path, int depth) {
  std::string unused;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      // Well-known types that are no object in JSON: a time is a string.
      if (field.message_type()->file()->package() == "google.protobuf") return String(&unused);
      return Object(*field.message_type(), path, depth + 1);
    case FieldDescriptor::CPPTYPE_STRING:
      if (!At('"')) return Refuse(absl::StrCat(path, " must be a text in double quotes"));
      return String(&unused);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (TakeWord("true") || TakeWord("false")) return absl::OkStatus();
      return Refuse(absl::StrCat(path, " must be true or false"));
    case FieldDescriptor::CPPTYPE_ENUM:
      return EnumValue(*field.enum_type(), path);
    default:
      if (At('"')) {
        RETURN_IF_ERROR(String(&unused));
        return unused == "-0" ? Refuse(kNegativeZero) : absl::OkStatus();
      }
      if (!At('-') &&
          !(pos_ < json_.size() && absl::ascii_isdigit(static_cast<unsigned char>(json_[pos_])))) {
        return Refuse(absl::StrCat(path, " must be a number"));
      }
      return Number();
  }
}

absl::Status Checker::EnumValue(const EnumDescriptor& type, const std::string& path) {
  const size_t start = pos_;
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    if (type.value(i)->number() != 0) names.push_back(type.value(i)->name());
  }
  if (!At('"')) {
    return Refuse(absl::StrCat(path, " must be a text: one of ", absl::StrJoin(names, ", ")));
  }
  std::string name;
  RETURN_IF_ERROR(String(&name));
  if (type.FindValueByName(name) != nullptr) return absl::OkStatus();
  return RefuseAt(start, absl::StrCat(path, " cannot be ", Quote(name), ": use one of ",
                                      absl::StrJoin(names, ", ")));
}

absl::Status Checker::Number() {
  const auto digits = [this] {
    const size_t start = pos_;
    while (AtDigit()) ++pos_;
    return pos_ - start;
  };
  const size_t begin = pos_;
  const bool negative = Take('-');
  const bool zero = At('0');
  const size_t whole = digits();
  if (whole == 0) return Refuse("a digit is missing");
  if (zero && whole > 1) return Refuse("a number must not begin with 0");
  if (Take('.') && digits() == 0) return Refuse("a digit must follow the point");
  if (Take('e') || Take('E')) {
    if (!Take('+')) Take('-');
    if (digits() == 0) return Refuse("a digit is missing in the exponent");
  }
  if (negative &&
      json_.substr(begin, pos_ - begin).find_first_of("123456789") == absl::string_view::npos) {
    return Refuse(kNegativeZero);
  }
  return absl::OkStatus();
}

absl::Status Checker::String(std::string* value) {
  if (!Take('"')) return Refuse("a text in double quotes must stand here");
  while (true) {
    if (pos_ >= json_.size()) return Refuse("the quotes are not closed");
    const char c = json_[pos_];
    if (static_cast<unsigned char>(c) < 0x20) {
      return Refuse("a control character must be escaped, as in \\n");
    }
    ++pos_;
    if (c == '"') return absl::OkStatus();
    if (c == '\\') {
      RETURN_IF_ERROR(Escape(value));
    } else {
      value->push_back(c);
    }
  }
}

absl::Status Checker::Escape(std::string* value) {
  constexpr absl::string_view kLetters = "\"\\/bfnrt";
  constexpr absl::string_view kMeanings = "\"\\/\b\f\n\r\t";
  const size_t letter = pos_ < json_.size() ? kLetters.find(json_[pos_]) : kLetters.npos;
  if (letter != kLetters.npos) {
    value->push_back(kMeanings[letter]);
    ++pos_;
    return absl::OkStatus();
  }
  if (!Take('u'))
    return Refuse("no such escape: use \\\", \\\\, \\/, \\b, \\f, \\n, \\r, \\t, \\uXXXX");
  uint32_t unit = 0;
  RETURN_IF_ERROR(HexUnit(&unit));
  if (unit >= 0xDC00 && unit <= 0xDFFF) return Refuse("half of a surrogate pair is missing");
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    uint32_t low = 0;
    if (!TakeWord("\\u")) return Refuse("half of a surrogate pair is missing");
    RETURN_IF_ERROR(HexUnit(&low));
    if (low < 0xDC00 || low > 0xDFFF) return Refuse("half of a surrogate pair is missing");
    unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
  }
  AppendUtf8(unit, value);
  return absl::OkStatus();
}

absl::Status Checker::HexUnit(uint32_t* unit) {
  for (int i = 0; i < 4; ++i) {
    if (pos_ >= json_.size() || !absl::ascii_isxdigit(static_cast<unsigned char>(json_[pos_]))) {
      return Refuse("four hexadecimal digits must follow \\u");
    }
    const char c = absl::ascii_tolower(static_cast<unsigned char>(json_[pos_++]));
    *unit = *unit * 16 + static_cast<uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckJson(absl::string_view json, const Descriptor& message) {
  if (!IsUtf8(json)) return absl::InvalidArgumentError("the text is not valid UTF-8");
  return Checker(json).CheckDocument(message);
}

}  // namespace payfold
