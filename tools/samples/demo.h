// The sample company: three quarters of a small seller of network equipment,
// built into the binary (its files stand in this folder).

#ifndef TOOLS_SAMPLES_DEMO_H_
#define TOOLS_SAMPLES_DEMO_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

// A part of the company's history, in the order its sources delivered it.
struct SampleChapter {
  std::string title;  // "The first quarter: deals, splits, an amendment"
  std::vector<v1::Event> events;
};

// The whole history. Plans are PlanPublished events made from the YAML files.
// Needs a ledger in USD with monthly payouts and the calendar year.
std::vector<SampleChapter> SampleCompany();

// A file of tools/samples by name ("company.jsonl", "ae.yaml"), as written.
// kNotFound for another name.
absl::StatusOr<absl::string_view> SampleFile(absl::string_view name);

}  // namespace payfold

#endif  // TOOLS_SAMPLES_DEMO_H_
