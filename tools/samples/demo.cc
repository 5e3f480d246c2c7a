#include "tools/samples/demo.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/admission/event_json.h"
#include "ledger/base/check.h"
#include "ledger/plan/document.h"
#include "tools/samples/embedded_files.h"

namespace payfold {
namespace {

// A chapter's files, in the order they arrive; `.yaml` are plans.
struct Chapter {
  absl::string_view title;
  std::vector<absl::string_view> files;
};

std::vector<Chapter> Chapters() {
  return {
      {"The company: people, targets, plans",
       {"01-company.jsonl", "ae-2025.yaml", "sdr-2025.yaml", "se-2025.yaml", "managers-2025.yaml",
        "company-2025.yaml"}},
      {"The first quarter: deals, splits, overlays, a restatement and an adjustment",
       {"02-first-quarter.jsonl"}},
      {"The second quarter: a hire known late, a return, a deal of March reported in June",
       {"03-second-quarter.jsonl"}},
      {"The third quarter: a new version of the plan, a leave, a withdrawn deal",
       {"ae-2025-july.yaml", "04-third-quarter.jsonl"}},
      {"In October: a split of a deal of May, agreed at last", {"05-back-dated-split.jsonl"}},
  };
}

// The files are ours, and a test reads them all: what does not parse is our mistake.
v1::Event PlanEvent(absl::string_view name, absl::string_view text) {
  PlanDocument document = ReadPlanDocument(text);
  CHECK(document.diagnostics.empty());
  v1::Event event;
  event.set_event_id(absl::StrCat("plan-", name.substr(0, name.find('.'))));
  event.set_source("planning");
  *event.mutable_plan_published()->mutable_plan() = std::move(document.plan);
  return event;
}

}  // namespace

std::vector<SampleChapter> SampleCompany() {
  std::vector<SampleChapter> chapters;
  for (const Chapter& chapter : Chapters()) {
    SampleChapter sample{std::string(chapter.title), {}};
    for (const absl::string_view file : chapter.files) {
      const absl::StatusOr<absl::string_view> text = SampleFile(file);
      CHECK(text.ok());
      if (absl::EndsWith(file, ".yaml")) {
        sample.events.push_back(PlanEvent(file, *text));
        continue;
      }
      for (const absl::string_view line : absl::StrSplit(*text, '\n', absl::SkipEmpty())) {
        absl::StatusOr<v1::Event> event = EventFromJson(line);
        CHECK(event.ok());
        sample.events.push_back(*std::move(event));
      }
    }
    chapters.push_back(std::move(sample));
  }
  return chapters;
}

absl::StatusOr<absl::string_view> SampleFile(absl::string_view name) {
  for (const EmbeddedFile& file : kEmbeddedFiles) {
    if (file.name == name) return file.text;
  }
  return absl::NotFoundError(absl::StrCat("there is no sample file ", name));
}

}  // namespace payfold
