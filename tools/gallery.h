// payfold gallery list and run: incentive programmes that run out of the box.

#ifndef TOOLS_GALLERY_H_
#define TOOLS_GALLERY_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "payfold/v1/ledger_service.pb.h"
#include "payfold/v1/payout_service.pb.h"
#include "tools/gallery/programmes.h"
#include "tools/options.h"
#include "tools/session.h"

namespace payfold {

struct GalleryRunOptions {
  std::string programme;  // As for FindProgramme().
};

// What a programme comes to, asked of the services.
struct GalleryOutcome {
  // A booked deal for its owner whom no component paid anything for it.
  struct LeftOut {
    std::string deal_id;
    std::string participant_id;
    v1::ExplainDealResponse answer;
  };
  // Of everyone with anything to say, by payout period and participant.
  std::vector<v1::GetStatementResponse> statements;
  v1::ListLinesResponse lines;  // With explanations.
  std::vector<LeftOut> left_out;
  v1::ListExceptionsResponse exceptions;
};

// Makes the ledger of the session's options, appends the programme's events,
// publishes its plans, and asks. `session` must be open with `create`.
// Errors: those of the services; kAlreadyExists if the ledger is there.
absl::StatusOr<GalleryOutcome> RunProgramme(const Programme& programme, Session* session);

absl::Status ListGallery(const GlobalOptions& global);
// In a temporary directory without --data.
absl::Status RunGallery(const GlobalOptions& global, const GalleryRunOptions& options);

}  // namespace payfold

#endif  // TOOLS_GALLERY_H_
