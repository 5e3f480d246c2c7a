// The values of a document: texts, numbers, truth and enums.

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/quote.h"
#include "ledger/plan/document_reader.h"
#include "ledger/plan/findings.h"
#include "ledger/plan/shorthand.h"

namespace payfold {
namespace {

// Strictly digits, with a sign before them at most.
bool ReadInt(absl::string_view text, int32_t* value) {
  absl::string_view digits = text;
  if (absl::StartsWith(digits, "-")) digits.remove_prefix(1);
  const bool is_number = !digits.empty() && std::all_of(digits.begin(), digits.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  return is_number && absl::SimpleAtoi(text, value);
}

}  // namespace

bool HasControlCharacter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c)) && c != '\n' && c != '\t';
  });
}

void DocumentReader::SetValue(const FieldDescriptor& field, const std::string& text,
                              const std::string& path, Frame* frame) {
  Message* message = frame->message;
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (HasControlCharacter(text)) {
        Error(path, "has a control character: remove it");
      } else if (field.is_repeated()) {
        reflection.AddString(message, &field, text);
      } else {
        reflection.SetString(message, &field, text);
      }
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") {
        Error(path, absl::StrCat("expected true or false, found ", Quote(text)));
      } else {
        reflection.SetBool(message, &field, text == "true");
      }
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      if (int32_t value = 0; ReadInt(text, &value)) {
        reflection.SetInt32(message, &field, value);
      } else {
        Error(path, absl::StrCat("expected a whole number, found ", Quote(text)));
      }
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      SetEnum(field, text, path, frame);
      break;
    default:
      // The language has no other kinds; one that came would be refused here.
      Error(path, "is of a kind that documents cannot write");
      break;
  }
}

void DocumentReader::SetEnum(const FieldDescriptor& field, const std::string& text,
                             const std::string& path, Frame* frame) {
  const EnumText parts = SplitEnumText(text);
  const google::protobuf::EnumValueDescriptor* value =
      FindEnumValue(*field.enum_type(), parts.name);
  if (value == nullptr) {
    const std::string nearest = NearestEnumName(*field.enum_type(), parts.name);
    Error(path, absl::StrCat(Quote(text), " is none of ", EnumNames(*field.enum_type()),
                             nearest.empty() ? "" : absl::StrCat(": did you mean ", nearest, "?")));
    return;
  }
  Message* message = frame->message;
  if (field.is_repeated()) {
    message->GetReflection()->AddEnum(message, &field, value);
  } else {
    message->GetReflection()->SetEnum(message, &field, value);
  }
  if (!parts.argument.has_value()) return;
  const FieldDescriptor* companion = FieldOfArgument(*value, *message->GetDescriptor());
  if (companion == nullptr || field.is_repeated()) {
    Error(path, absl::StrCat(Quote(text), ": ", value->name(), " takes nothing in parentheses"));
  } else if (parts.argument->empty()) {
    Error(path, absl::StrCat(Quote(text), ": name the ", companion->name(), " in parentheses"));
  } else {
    const Place place = FindPlace(document_->places, path);
    if (!Claim(*companion, place, frame)) return;
    const std::string there = Child(frame->path, companion->name());
    Remember(there, place);
    SetValue(*companion, std::string(*parts.argument), there, frame);
  }
}

}  // namespace payfold
