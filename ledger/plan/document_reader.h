// From a parsed YAML tree to the Plan message, by reflection. Internal to this folder.

#ifndef LEDGER_PLAN_DOCUMENT_READER_H_
#define LEDGER_PLAN_DOCUMENT_READER_H_

#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "ledger/plan/document.h"

namespace payfold {

// Line and column, from 1.
using Place = std::pair<int, int>;
Place PlaceOf(const YAML::Mark& mark);

// The place of `field` or of the nearest field around it; 0, 0 if there is none.
Place FindPlace(const std::map<std::string, Place>& places, std::string field);

// Line breaks and tabs apart. They come by escapes: "\u0000".
bool HasControlCharacter(absl::string_view text);

// Reads one document. Aliases are followed, so the tree may be much larger than
// its text: nodes and depth are counted and limited.
class DocumentReader {
 public:
  static constexpr int kMaxNodes = 20'000;
  static constexpr int kMaxDepth = 64;
  static constexpr size_t kMaxValueBytes = 4'096;
  static constexpr size_t kMaxKeyBytes = 200;
  static constexpr size_t kMaxMistakes = 1'000;

  // `*document` must outlive the reader.
  explicit DocumentReader(PlanDocument* document) : document_(document) {}

  void Read(const YAML::Node& root);

 private:
  using Descriptor = google::protobuf::Descriptor;
  using FieldDescriptor = google::protobuf::FieldDescriptor;
  using Message = google::protobuf::Message;

  // A message being read and what has been given of it so far.
  struct Frame {
    Message* message;
    std::string path;
    std::map<std::string, Place> given;        // by field name
    std::map<const void*, std::string> kinds;  // by oneof, the field given
  };

  void ReadMessage(const YAML::Node& node, const std::string& path, Message* message);
  void ReadMapping(const YAML::Node& node, const std::string& path, Message* message);
  void ReadShortValue(const YAML::Node& node, const std::string& path, Message* message);
  void ReadShortField(const YAML::Node& node, const FieldDescriptor& field, const std::string& path,
                      Message* message);
  void ReadField(const FieldDescriptor& field, const YAML::Node& node, Place place, Frame* frame);
  void ReadList(const FieldDescriptor& field, const YAML::Node& node, Frame* frame);
  void ReadMap(const FieldDescriptor& field, const YAML::Node& node, Frame* frame);
  void ReadOne(const FieldDescriptor& field, const YAML::Node& node, const std::string& path,
               Frame* frame);

  // Sets (or adds to) a field that is not a message.
  void SetValue(const FieldDescriptor& field, const std::string& text, const std::string& path,
                Frame* frame);
  void SetEnum(const FieldDescriptor& field, const std::string& text, const std::string& path,
               Frame* frame);

  // A key's text, or none and an error.
  std::optional<std::string> KeyText(const YAML::Node& key, const std::string& path);
  // False and an error if it was given before, or another of its oneof.
  bool Claim(const FieldDescriptor& field, Place place, Frame* frame);
  // Counts the node; false once a limit is passed.
  bool Enter(const YAML::Node& node, const std::string& path);
  void UnknownField(const std::string& key, Place place, const Frame& frame);
  void WrongShape(const YAML::Node& node, absl::string_view expected, const std::string& path);

  void Remember(const std::string& path, Place place) { document_->places.emplace(path, place); }
  void Error(const std::string& path, absl::string_view message);
  void ErrorAt(Place place, const std::string& path, absl::string_view message);
  // Gives up: an error of the document as a whole.
  void Stop(Place place, absl::string_view message);

  PlanDocument* document_;
  int nodes_ = 0;
  int depth_ = 0;
  bool stopped_ = false;
};

}  // namespace payfold

#endif  // LEDGER_PLAN_DOCUMENT_READER_H_
