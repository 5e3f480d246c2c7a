// RETURN_IF_ERROR(expr) and ASSIGN_OR_RETURN(lhs, expr): the early returns that
// abseil 20220623 does not have yet. Same names and meaning as later abseil.

#ifndef LEDGER_BASE_STATUS_MACROS_H_
#define LEDGER_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RETURN_IF_ERROR(expr)                                         \
  do {                                                                \
    if (absl::Status payfold_status = (expr); !payfold_status.ok()) { \
      return payfold_status;                                          \
    }                                                                 \
  } while (false)

#define PAYFOLD_CONCAT_INNER(a, b) a##b
#define PAYFOLD_CONCAT(a, b) PAYFOLD_CONCAT_INNER(a, b)

#define ASSIGN_OR_RETURN(lhs, expr) \
  PAYFOLD_ASSIGN_OR_RETURN(PAYFOLD_CONCAT(payfold_statusor_, __LINE__), lhs, expr)

#define PAYFOLD_ASSIGN_OR_RETURN(statusor, lhs, expr) \
  auto statusor = (expr);                             \
  if (!statusor.ok()) return statusor.status();       \
  lhs = *std::move(statusor)

#endif  // LEDGER_BASE_STATUS_MACROS_H_
