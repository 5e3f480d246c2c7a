// What a replay came to, for people: numbers, and a picture of them. Pure.

#ifndef TOOLS_REPLAY_TEXT_H_
#define TOOLS_REPLAY_TEXT_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "payfold/v1/replay_service.pb.h"
#include "tools/options.h"
#include "tools/table.h"

namespace payfold {

// "SUCCEEDED", "APPROVED".
std::string ReplayStateText(v1::ReplayState state);

// Where it stands, what it came to, what to do next.
std::string ReplayText(const v1::Replay& replay);

// Totals with their histogram.
std::string TotalsText(const google::protobuf::RepeatedPtrField<v1::ReplayTotal>& totals);

// Rows of money and rewards.
Table DifferenceTable(const google::protobuf::RepeatedPtrField<v1::Difference>& rows,
                      OutputFormat format);
Table TrueUpTable(const google::protobuf::RepeatedPtrField<v1::TrueUp>& rows, OutputFormat format);

// Bars of those who gain and lose most, by currency: at most `most` participants each.
std::string MoversText(const google::protobuf::RepeatedPtrField<v1::Difference>& rows, size_t most);

// Both sides of each line that differs, with what they were computed from.
std::string LinesText(const v1::Difference& row);

}  // namespace payfold

#endif  // TOOLS_REPLAY_TEXT_H_
