// Explanations, as people read them. Pure.

#ifndef TOOLS_EXPLANATION_TEXT_H_
#define TOOLS_EXPLANATION_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "payfold/v1/payout_service.pb.h"

namespace payfold {

// The sentence, the numbers behind it, its steps, the deals and the positions of
// the facts.
std::string LineExplanationText(const v1::ExplainLineResponse& response);

// The deal's facts, the participant's credits, and what each component did.
std::string DealExplanationText(absl::string_view deal, absl::string_view participant,
                                const v1::ExplainDealResponse& response);

}  // namespace payfold

#endif  // TOOLS_EXPLANATION_TEXT_H_
