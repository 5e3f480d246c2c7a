#include "tools/gallery/programmes.h"

#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "ledger/admission/event_json.h"
#include "ledger/base/check.h"
#include "tools/gallery/embedded_files.h"

namespace payfold {
namespace {

// The files are ours, and a test reads them all: what does not parse is our mistake.
void ReadEvents(absl::string_view text, Programme* programme) {
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
    absl::StatusOr<v1::Event> event = EventFromJson(line);
    CHECK(event.ok());
    if (programme->events.empty() && event->has_ledger_configured()) {
      programme->configuration = event->ledger_configured();
    } else {
      programme->events.push_back(*std::move(event));
    }
  }
}

// "# Title", an empty line, the summary.
void ReadAbout(absl::string_view text, Programme* programme) {
  programme->about = std::string(text);
  const std::vector<absl::string_view> lines = absl::StrSplit(text, absl::MaxSplits('\n', 3));
  CHECK(lines.size() == 4 && absl::StartsWith(lines[0], "# ") && lines[1].empty());
  programme->title = std::string(absl::StripPrefix(lines[0], "# "));
  programme->summary = std::string(lines[2]);
}

v1::LedgerConfigured UsualConfiguration() {
  v1::LedgerConfigured configuration;
  configuration.set_base_currency("USD");
  configuration.set_fiscal_year_start_month(1);
  configuration.set_payout_period(v1::LedgerConfigured::MONTH);
  return configuration;
}

}  // namespace

absl::string_view Programme::number() const {
  return absl::string_view(folder).substr(0, folder.find('-'));
}

absl::string_view Programme::name() const {
  return absl::string_view(folder).substr(folder.find('-') + 1);
}

std::vector<Programme> GalleryProgrammes() {
  // By folder, and so by number; plans by the names of their files.
  std::map<std::string, std::map<std::string, absl::string_view>> folders;
  for (const EmbeddedFile& file : kGalleryFiles) {
    const std::vector<std::string> path = absl::StrSplit(file.name, '/');
    CHECK(path.size() == 2);
    folders[path[0]][path[1]] = file.text;
  }
  std::vector<Programme> programmes;
  for (const auto& [folder, files] : folders) {
    Programme programme;
    programme.folder = folder;
    programme.configuration = UsualConfiguration();
    for (const auto& [name, text] : files) {
      if (absl::EndsWith(name, ".yaml")) programme.plans.emplace_back(text);
      if (name == "about.md") ReadAbout(text, &programme);
      if (name == "events.jsonl") ReadEvents(text, &programme);
    }
    programmes.push_back(std::move(programme));
  }
  return programmes;
}

absl::StatusOr<Programme> FindProgramme(absl::string_view name) {
  std::vector<Programme> programmes = GalleryProgrammes();
  for (Programme& programme : programmes) {
    if (name == programme.folder || name == programme.name() || name == programme.number() ||
        name == absl::StripPrefix(programme.number(), "0")) {
      return std::move(programme);
    }
  }
  return absl::NotFoundError(absl::StrCat(
      "there is no programme \"", name, "\" in the gallery, but there are ",
      absl::StrJoin(programmes, ", ", [](std::string* out, const Programme& programme) {
        absl::StrAppend(out, programme.name());
      })));
}

}  // namespace payfold
