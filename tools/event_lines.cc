#include "tools/event_lines.h"

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/admission/event_json.h"
#include "ledger/admission/validate.h"

namespace payfold {
namespace {

constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

EventLines::EventLines(absl::string_view text) : text_(text) {
  if (absl::ConsumePrefix(&text, kByteOrderMark)) next_ = kByteOrderMark.size();
}

bool EventLines::Next(EventBatch* batch) {
  *batch = EventBatch();
  size_t bytes = 0;
  while (next_ < text_.size() && batch->events.size() < kMaxBatchEvents) {
    const size_t end = std::min(text_.find('\n', next_), text_.size());
    const absl::string_view line = absl::StripAsciiWhitespace(text_.substr(next_, end - next_));
    const size_t after = std::min(end + 1, text_.size());
    if (!line.empty()) {
      absl::StatusOr<v1::Event> event = EventFromJson(line);
      if (!event.ok()) {
        batch->bad.push_back({line_ + 1, std::string(event.status().message())});
      } else {
        // A tag and a length stand before each event of a request.
        bytes += event->ByteSizeLong() + 6;
        // This event opens the next batch, unless it is too large for any.
        if (bytes > kMaxBatchMessageBytes && !batch->events.empty()) return true;
        batch->events.push_back(*std::move(event));
        batch->lines.push_back(line_ + 1);
      }
    }
    ++line_;
    next_ = after;
  }
  return !batch->events.empty() || !batch->bad.empty();
}

BadLine LineOfViolation(const EventBatch& batch, absl::string_view field,
                        absl::string_view message) {
  absl::string_view rest = field;
  size_t index = 0;
  const size_t close = rest.find(']');
  if (batch.lines.empty() || !absl::ConsumePrefix(&rest, "events[") ||
      close == absl::string_view::npos || !absl::SimpleAtoi(field.substr(7, close - 7), &index) ||
      index >= batch.lines.size()) {
    return {batch.lines.empty() ? 0 : batch.lines.front(), absl::StrCat(field, ": ", message)};
  }
  absl::string_view inner = field.substr(close + 1);
  absl::ConsumePrefix(&inner, ".");
  return {batch.lines[index],
          inner.empty() ? std::string(message) : absl::StrCat(inner, ": ", message)};
}

}  // namespace payfold
