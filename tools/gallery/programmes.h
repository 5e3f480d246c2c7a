// The gallery: twenty incentive programmes, each with its plans and a small set
// of events, built into the binary (their files stand in this folder).

#ifndef TOOLS_GALLERY_PROGRAMMES_H_
#define TOOLS_GALLERY_PROGRAMMES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "payfold/v1/event.pb.h"

namespace payfold {

struct Programme {
  std::string folder;   // "01-cohort"
  std::string title;    // "Cohort: Super Stars"
  std::string summary;  // One line.
  std::string about;    // about.md as written, with its table of expected figures.
  // The ledger it needs: that of a first event that configures one, else in USD,
  // paid by month.
  v1::LedgerConfigured configuration;
  std::vector<v1::Event> events;
  // Plan documents as written, in the order in which they are published.
  std::vector<std::string> plans;

  absl::string_view number() const;  // "01"
  absl::string_view name() const;    // "cohort"
};

// All of them, by number.
std::vector<Programme> GalleryProgrammes();

// By number ("1", "01"), name ("cohort") or folder ("01-cohort").
// Errors: kNotFound, with the names there are.
absl::StatusOr<Programme> FindProgramme(absl::string_view name);

}  // namespace payfold

#endif  // TOOLS_GALLERY_PROGRAMMES_H_
