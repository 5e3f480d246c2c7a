#include "tools/progress.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "tools/table.h"

namespace payfold {
namespace {

constexpr uint64_t kCells = 20;
constexpr absl::Duration kBetweenDrawings = absl::Milliseconds(100);
// Back to the first column, and the line wiped.
constexpr absl::string_view kWipe = "\r\x1b[K";

std::string WithThousands(uint64_t number) {
  if (number < 1'000) return absl::StrCat(number);
  return absl::StrFormat("%s,%03d", WithThousands(number / 1'000), number % 1'000);
}

}  // namespace

std::string ProgressText(absl::string_view what, uint64_t done, uint64_t total) {
  const uint64_t shown = std::min(done, total);
  const uint64_t percent = total == 0 ? 100 : shown * 100 / total;
  const uint64_t full = percent * kCells / 100;
  return absl::StrCat(what, "  [", std::string(full, '#'), std::string(kCells - full, '.'), "]  ",
                      Pad(absl::StrCat(percent), 3, Align::kRight), "%  ", WithThousands(shown),
                      " of ", WithThousands(total));
}

ProgressBar::ProgressBar(absl::string_view what)
    : what_(what), on_terminal_(isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (on_terminal_ && drawn_ != absl::InfinitePast()) std::cerr << kWipe << std::flush;
}

void ProgressBar::Update(uint64_t done, uint64_t total) {
  if (!on_terminal_) return;
  const absl::Time now = absl::Now();
  if (now - drawn_ < kBetweenDrawings && done < total) return;
  drawn_ = now;
  std::cerr << kWipe << ProgressText(what_, done, total) << std::flush;
}

}  // namespace payfold
