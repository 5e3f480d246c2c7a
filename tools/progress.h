// A bar for long work, on a terminal; nothing where standard error is none.

#ifndef TOOLS_PROGRESS_H_
#define TOOLS_PROGRESS_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace payfold {

class ProgressBar {
 public:
  explicit ProgressBar(absl::string_view what);
  // Wipes the bar.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  // Draws ten times a second at most.
  void Update(uint64_t done, uint64_t total);

 private:
  std::string what_;
  bool on_terminal_;
  absl::Time drawn_ = absl::InfinitePast();
};

// "appending  [#########...........]  45%  4,500 of 10,000".
std::string ProgressText(absl::string_view what, uint64_t done, uint64_t total);

}  // namespace payfold

#endif  // TOOLS_PROGRESS_H_
