// payfold plan check, publish, list, show and diff.

#ifndef TOOLS_PLANS_H_
#define TOOLS_PLANS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "tools/options.h"

namespace payfold {

struct PlanFileOptions {
  std::string file;
  std::string event_id;        // publish; empty: derived from the content
  bool validate_only = false;  // publish
};

struct ShowPlanOptions {
  std::string plan_id;
  uint32_t version = 0;  // 0: the last
};

struct DiffPlanOptions {
  std::string plan_id;
  uint32_t from = 0;  // 0: the one before `to`
  uint32_t to = 0;    // 0: the last
};

// Errors: one that counts the mistakes, after each of them was printed.
absl::Status CheckPlanFile(const GlobalOptions& global, const PlanFileOptions& options);
absl::Status PublishPlanFile(const GlobalOptions& global, const PlanFileOptions& options);
absl::Status ListPlansTable(const GlobalOptions& global);
absl::Status ShowPlan(const GlobalOptions& global, const ShowPlanOptions& options);
absl::Status DiffPlan(const GlobalOptions& global, const DiffPlanOptions& options);

}  // namespace payfold

#endif  // TOOLS_PLANS_H_
