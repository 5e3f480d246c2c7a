// CHECK(condition): stops the program when an assumption of our own is broken.
// For mistakes in our code only; bad data is a Status.

#ifndef LEDGER_BASE_CHECK_H_
#define LEDGER_BASE_CHECK_H_

#include <cstdio>
#include <cstdlib>

namespace payfold {

[[noreturn]] inline void CheckFailed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: CHECK failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace payfold

#define CHECK(condition)                               \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::payfold::CheckFailed(#condition, __FILE__, __LINE__))

#endif  // LEDGER_BASE_CHECK_H_
