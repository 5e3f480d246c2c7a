// Where in a message a field stands, as people write it:
// "events[3].credit_split.shares[1].share".
//
// A path is a chain of names on the stack and costs nothing until it is
// written out, which only a violation does. It points to its parent and to its
// name: both must outlive it.

#ifndef LEDGER_ADMISSION_FIELD_PATH_H_
#define LEDGER_ADMISSION_FIELD_PATH_H_

#include <cstddef>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace payfold {

class FieldPath {
 public:
  explicit FieldPath(absl::string_view name) : name_(name) {}

  static FieldPath Item(absl::string_view name, size_t index) {
    return FieldPath(nullptr, name, Kind::kItem, index, {});
  }

  // Of this message: a field, an item of a list, the value at a key of a map.
  FieldPath operator/(absl::string_view name) const {
    return FieldPath(this, name, Kind::kField, 0, {});
  }
  FieldPath At(absl::string_view name, size_t index) const {
    return FieldPath(this, name, Kind::kItem, index, {});
  }
  FieldPath Key(absl::string_view name, absl::string_view key) const {
    return FieldPath(this, name, Kind::kKey, 0, key);
  }

  std::string ToString() const {
    std::string text = parent_ == nullptr ? "" : parent_->ToString();
    absl::StrAppend(&text, text.empty() ? "" : ".", name_);
    if (kind_ == Kind::kItem) absl::StrAppend(&text, "[", index_, "]");
    if (kind_ == Kind::kKey) {
      absl::StrAppend(&text, "[\"", absl::CHexEscape(key_.substr(0, kMaxKey)), "\"]");
    }
    return text;
  }

 private:
  enum class Kind { kField, kItem, kKey };
  static constexpr size_t kMaxKey = 60;

  FieldPath(const FieldPath* parent, absl::string_view name, Kind kind, size_t index,
            absl::string_view key)
      : parent_(parent), name_(name), kind_(kind), index_(index), key_(key) {}

  const FieldPath* parent_ = nullptr;
  absl::string_view name_;
  Kind kind_ = Kind::kField;
  size_t index_ = 0;
  absl::string_view key_;
};

}  // namespace payfold

#endif  // LEDGER_ADMISSION_FIELD_PATH_H_
