#include "ledger/admission/difference.h"

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/admission/codec.h"
#include "ledger/admission/stream_name.h"
#include "payfold/v1/event.pb.h"

namespace payfold {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

constexpr size_t kMostReported = 5;

bool IsPersonal(const FieldDescriptor& field) {
  return field.containing_type()->FindFieldByName("sealed") != nullptr &&
         v1::PersonalFields::descriptor()->FindFieldByName(field.name()) != nullptr;
}

std::string Value(const Message& message, const FieldDescriptor* field, int index) {
  if (field->type() == FieldDescriptor::TYPE_MESSAGE) return "set";
  std::string text;
  google::protobuf::TextFormat::PrintFieldValueToString(message, field, index, &text);
  // Strings come in quotes already.
  return text.size() <= 60 ? text : absl::StrCat(text.substr(0, 60), "…");
}

// Collects differences as sentences.
class Collector final : public MessageDifferencer::Reporter {
 public:
  using Path = std::vector<MessageDifferencer::SpecificField>;

  void ReportAdded(const Message&, const Message& is, const Path& path) override {
    Add(path, "was not set", absl::StrCat("is ", LastValue(is, path, true)));
  }
  void ReportDeleted(const Message& was, const Message&, const Path& path) override {
    Add(path, absl::StrCat("was ", LastValue(was, path, false)), "is not set");
  }
  void ReportModified(const Message& was, const Message& is, const Path& path) override {
    // Messages are reported after the fields in them that differ.
    const FieldDescriptor* field = path.back().field;
    if (field != nullptr && field->type() == FieldDescriptor::TYPE_MESSAGE) return;
    Add(path, absl::StrCat("was ", LastValue(was, path, false)),
        absl::StrCat("is ", LastValue(is, path, true)));
  }

  std::string Text() const {
    const size_t shown = sentences_.size() < kMostReported ? sentences_.size() : kMostReported;
    std::string text = absl::StrJoin(sentences_.begin(),
                                     sentences_.begin() + static_cast<std::ptrdiff_t>(shown), "; ");
    if (shown < sentences_.size()) {
      absl::StrAppend(&text, "; and ", sentences_.size() - shown, " more");
    }
    return text;
  }

 private:
  static std::string LastValue(const Message& message, const Path& path, bool is_new) {
    const MessageDifferencer::SpecificField& last = path.back();
    if (last.field == nullptr) return "other";
    return Value(message, last.field, is_new ? last.new_index : last.index);
  }

  void Add(const Path& path, std::string was, std::string is) {
    std::string name;
    for (const MessageDifferencer::SpecificField& step : path) {
      if (step.field == nullptr) {
        absl::StrAppend(&name, name.empty() ? "" : ".", step.unknown_field_number);
        continue;
      }
      absl::StrAppend(&name, name.empty() ? "" : ".", step.field->name());
      const int index = step.new_index >= 0 ? step.new_index : step.index;
      if (step.field->is_repeated() && !step.field->is_map()) {
        absl::StrAppend(&name, "[", index, "]");
      }
    }
    const FieldDescriptor* last = path.back().field;
    const bool personal = last != nullptr && IsPersonal(*last);
    sentences_.push_back(personal ? absl::StrCat(name, " is another")
                                  : absl::StrCat(name, " ", was, ", ", is));
  }

  std::vector<std::string> sentences_;
};

}  // namespace

std::string DescribeDifference(const v1::Event& was, const v1::Event& is) {
  if (KindOf(was) != KindOf(is)) {
    return absl::StrCat("it is a ", KindName(was), ", this is a ", KindName(is));
  }
  if (IsSealed(was)) {
    return "its personal fields cannot be read any more, so what differs cannot be said";
  }
  const FieldDescriptor* payload =
      v1::Event::descriptor()->FindFieldByNumber(static_cast<int>(KindOf(was)));
  if (payload == nullptr) return "it is of a kind that this release does not know";
  Collector collector;
  MessageDifferencer differencer;
  differencer.ReportDifferencesTo(&collector);
  differencer.Compare(was.GetReflection()->GetMessage(was, payload),
                      is.GetReflection()->GetMessage(is, payload));
  return collector.Text();
}

}  // namespace payfold
