#include "ledger/plan/document_reader.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/quote.h"
#include "ledger/plan/findings.h"
#include "ledger/plan/shorthand.h"

namespace payfold {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

std::string ShapeOf(const YAML::Node& node) {
  if (node.IsMap()) return "a mapping";
  if (node.IsSequence()) return "a list";
  if (node.IsScalar()) return Quote(node.Scalar());
  return "nothing";
}

std::string ExpectedOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_INT32:
      return "a whole number";
    case FieldDescriptor::CPPTYPE_ENUM:
      return absl::StrCat("one of ", EnumNames(*field.enum_type()));
    default:
      return "a value";
  }
}

}  // namespace

Place PlaceOf(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

Place FindPlace(const std::map<std::string, Place>& places, std::string field) {
  while (true) {
    if (const auto it = places.find(field); it != places.end()) return it->second;
    if (field.empty()) return {0, 0};
    const size_t cut = field.find_last_of(".[");
    field.resize(cut == std::string::npos ? 0 : cut);
  }
}

void DocumentReader::Read(const YAML::Node& root) {
  const Place start = PlaceOf(root.Mark());
  Remember("", {std::max(start.first, 1), std::max(start.second, 1)});
  if (!root.IsMap()) {
    Stop(start, absl::StrCat("a plan is a mapping of fields, as in plan_id: ae-2025; found ",
                             ShapeOf(root)));
    return;
  }
  if (Enter(root, "")) ReadMapping(root, "", &document_->plan);
}

void DocumentReader::ReadMessage(const YAML::Node& node, const std::string& path,
                                 Message* message) {
  const Descriptor& type = *message->GetDescriptor();
  const FieldDescriptor* list = FieldOfList(type);
  const FieldDescriptor* mapping = FieldOfMapping(type);
  if (node.IsMap()) {
    // A mapping may be the message with its one field named, or its short form.
    const bool is_named = mapping != nullptr && node.size() == 1 && node.begin()->second.IsMap() &&
                          node.begin()->first.IsScalar() &&
                          node.begin()->first.Scalar() == mapping->name();
    if (mapping != nullptr && !is_named) return ReadShortField(node, *mapping, path, message);
    return ReadMapping(node, path, message);
  }
  if (node.IsSequence() && list != nullptr) return ReadShortField(node, *list, path, message);
  if (node.IsScalar()) return ReadShortValue(node, path, message);
  if (node.IsNull() && type.field_count() == 0) return;
  const bool only_list = list != nullptr && type.field_count() == 1;
  WrongShape(node, only_list ? "a list" : "a mapping", path);
}

void DocumentReader::ReadMapping(const YAML::Node& node, const std::string& path,
                                 Message* message) {
  Frame frame{message, path, {}, {}};
  for (const auto& entry : node) {
    if (stopped_) return;
    const Place place = PlaceOf(entry.first.Mark());
    const std::optional<std::string> key = KeyText(entry.first, path);
    if (!key.has_value()) continue;
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(*key);
    if (field == nullptr) {
      UnknownField(*key, place, frame);
    } else if (Claim(*field, place, &frame)) {
      ReadField(*field, entry.second, place, &frame);
    }
  }
}

void DocumentReader::ReadShortValue(const YAML::Node& node, const std::string& path,
                                    Message* message) {
  const Descriptor& type = *message->GetDescriptor();
  if (const FieldDescriptor* field = FieldOfValue(type); field != nullptr) {
    return ReadShortField(node, *field, path, message);
  }
  std::vector<std::string> names;
  for (const FieldDescriptor* word : Words(type)) {
    if (absl::EqualsIgnoreCase(word->name(), node.Scalar())) {
      message->GetReflection()->MutableMessage(message, word);
      return Remember(Child(path, word->name()), FindPlace(document_->places, path));
    }
    names.push_back(word->name());
  }
  const bool only_list = FieldOfList(type) != nullptr && type.field_count() == 1;
  std::string expected = only_list ? "a list" : "a mapping";
  if (!names.empty()) absl::StrAppend(&expected, " or one of ", absl::StrJoin(names, ", "));
  WrongShape(node, expected, path);
}

void DocumentReader::ReadShortField(const YAML::Node& node, const FieldDescriptor& field,
                                    const std::string& path, Message* message) {
  Frame frame{message, path, {}, {}};
  const Place place = FindPlace(document_->places, path);
  if (Claim(field, place, &frame)) ReadField(field, node, place, &frame);
}

void DocumentReader::ReadField(const FieldDescriptor& field, const YAML::Node& node, Place place,
                               Frame* frame) {
  const std::string path = Child(frame->path, field.name());
  Remember(path, node.IsScalar() ? PlaceOf(node.Mark()) : place);
  if (field.is_map()) {
    ReadMap(field, node, frame);
  } else if (field.is_repeated()) {
    ReadList(field, node, frame);
  } else {
    ReadOne(field, node, path, frame);
  }
}

void DocumentReader::ReadList(const FieldDescriptor& field, const YAML::Node& node, Frame* frame) {
  const std::string path = Child(frame->path, field.name());
  if (!Enter(node, path)) return;
  if (!node.IsSequence()) return WrongShape(node, "a list", path);
  int index = 0;
  for (const YAML::Node& element : node) {
    if (stopped_) return;
    const std::string here = Element(path, index++);
    Remember(here, PlaceOf(element.Mark()));
    ReadOne(field, element, here, frame);
  }
}

void DocumentReader::ReadMap(const FieldDescriptor& field, const YAML::Node& node, Frame* frame) {
  const std::string path = Child(frame->path, field.name());
  if (!Enter(node, path)) return;
  if (!node.IsMap()) return WrongShape(node, "a mapping", path);
  std::map<std::string, Place> given;
  for (const auto& entry : node) {
    if (stopped_) return;
    const Place place = PlaceOf(entry.first.Mark());
    const std::optional<std::string> key = KeyText(entry.first, path);
    if (!key.has_value()) continue;
    const std::string here = Entry(path, *key);
    const auto [first, is_new] = given.emplace(*key, place);
    if (!is_new) {
      ErrorAt(place, here,
              absl::StrCat("is given twice, first at ", first->second.first, ":",
                           first->second.second));
      continue;
    }
    Remember(here, entry.second.IsScalar() ? PlaceOf(entry.second.Mark()) : place);
    Message* item = frame->message->GetReflection()->AddMessage(frame->message, &field);
    item->GetReflection()->SetString(item, field.message_type()->map_key(), *key);
    Frame inside{item, path, {}, {}};
    ReadOne(*field.message_type()->map_value(), entry.second, here, &inside);
  }
}

void DocumentReader::ReadOne(const FieldDescriptor& field, const YAML::Node& node,
                             const std::string& path, Frame* frame) {
  if (!Enter(node, path)) return;
  const auto* reflection = frame->message->GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    Message* inner = field.is_repeated() ? reflection->AddMessage(frame->message, &field)
                                         : reflection->MutableMessage(frame->message, &field);
    ++depth_;
    ReadMessage(node, path, inner);
    --depth_;
  } else if (node.IsNull()) {
    Error(path, absl::StrCat("has no value: write ", ExpectedOf(field), " or leave it out"));
  } else if (!node.IsScalar()) {
    WrongShape(node, ExpectedOf(field), path);
  } else {
    SetValue(field, node.Scalar(), path, frame);
  }
}

std::optional<std::string> DocumentReader::KeyText(const YAML::Node& key, const std::string& path) {
  const Place place = PlaceOf(key.Mark());
  if (!key.IsScalar()) {
    ErrorAt(place, path, absl::StrCat("has ", ShapeOf(key), " as a key: a key is a name"));
    return std::nullopt;
  }
  if (key.Scalar().size() > kMaxKeyBytes) {
    ErrorAt(place, path,
            absl::StrCat("has a key of ", key.Scalar().size(), " bytes, ", Quote(key.Scalar()),
                         ": at most ", kMaxKeyBytes, " are allowed"));
    return std::nullopt;
  }
  if (HasControlCharacter(key.Scalar())) {
    ErrorAt(
        place, path,
        absl::StrCat("has the key ", Quote(key.Scalar()), ", with a control character: remove it"));
    return std::nullopt;
  }
  return key.Scalar();
}

bool DocumentReader::Claim(const FieldDescriptor& field, Place place, Frame* frame) {
  const std::string path = Child(frame->path, field.name());
  const auto [first, is_new] = frame->given.emplace(field.name(), place);
  if (!is_new) {
    ErrorAt(
        place, path,
        absl::StrCat("is given twice, first at ", first->second.first, ":", first->second.second));
    return false;
  }
  if (field.containing_oneof() == nullptr) return true;
  const auto [kind, is_first] = frame->kinds.emplace(field.containing_oneof(), field.name());
  if (is_first) return true;
  ErrorAt(place, path,
          absl::StrCat("is given beside `", kind->second,
                       "`, of which only one may stand: remove "
                       "one"));
  return false;
}

bool DocumentReader::Enter(const YAML::Node& node, const std::string& path) {
  if (stopped_) return false;
  const Place place = PlaceOf(node.Mark());
  if (++nodes_ > kMaxNodes) {
    Stop(place, absl::StrCat("the document has more than ", kMaxNodes,
                             " values, counting each use of an alias"));
  } else if (depth_ > kMaxDepth) {
    Stop(place, absl::StrCat("the document is nested more than ", kMaxDepth, " deep"));
  } else if (const std::string& tag = node.Tag(); !tag.empty() && tag != "?" && tag != "!") {
    Error(path, absl::StrCat("has the tag ", tag.substr(0, 40), ": a plan has no tags, remove it"));
    return false;
  } else if (node.IsScalar() && node.Scalar().size() > kMaxValueBytes) {
    Error(path, absl::StrCat("has ", node.Scalar().size(), " bytes: at most ", kMaxValueBytes,
                             " are allowed"));
    return false;
  }
  return !stopped_;
}

void DocumentReader::UnknownField(const std::string& key, Place place, const Frame& frame) {
  const std::vector<std::string> known = FieldNames(*frame.message->GetDescriptor());
  const std::string nearest = NearestName(key, known);
  std::string hint;
  if (!nearest.empty()) {
    hint = absl::StrCat(": did you mean `", nearest, "`?");
  } else if (known.empty()) {
    hint = ": there are no fields here";
  } else {
    hint = absl::StrCat(": the fields here are ", absl::StrJoin(known, ", "));
  }
  ErrorAt(place, Child(frame.path, key), absl::StrCat("is not a field", hint));
}

void DocumentReader::WrongShape(const YAML::Node& node, absl::string_view expected,
                                const std::string& path) {
  Error(path, absl::StrCat("expected ", expected, ", found ", ShapeOf(node)));
}

void DocumentReader::Error(const std::string& path, absl::string_view message) {
  ErrorAt(FindPlace(document_->places, path), path, message);
}

void DocumentReader::ErrorAt(Place place, const std::string& path, absl::string_view message) {
  if (stopped_) return;
  PlanDiagnostic diagnostic;
  diagnostic.line = place.first;
  diagnostic.column = place.second;
  diagnostic.field = path;
  diagnostic.message = std::string(message);
  document_->diagnostics.push_back(std::move(diagnostic));
  if (document_->diagnostics.size() == kMaxMistakes) {
    Stop(place, absl::StrCat("the document has more than ", kMaxMistakes, " mistakes"));
  }
}

void DocumentReader::Stop(Place place, absl::string_view message) {
  if (stopped_) return;
  stopped_ = true;
  PlanDiagnostic diagnostic;
  diagnostic.line = std::max(place.first, 1);
  diagnostic.column = std::max(place.second, 1);
  diagnostic.message = std::string(message);
  document_->diagnostics.push_back(std::move(diagnostic));
}

}  // namespace payfold
