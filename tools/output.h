// What commands print: amounts, JSON, tables in the format that was asked for.

#ifndef TOOLS_OUTPUT_H_
#define TOOLS_OUTPUT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "payfold/v1/query.pb.h"
#include "tools/options.h"
#include "tools/table.h"

namespace payfold {

// Minor units as text: "1,234.50" in tables, "1234.50" in CSV. An amount in a
// currency this release does not know is given in minor units.
std::string AmountText(int64_t minor, absl::string_view currency, OutputFormat format);

// "as of position 41", "as of position 41, plans as of position 12".
std::string CoordinatesText(const v1::Coordinates& at);

// Indented; fields by their proto names, numbers that are 0 and empty texts
// included; map entries in order of key.
std::string JsonText(const google::protobuf::Message& message);

// Writes to standard output.
void Print(absl::string_view text);

// Prints `message` as JSON, or `table` as CSV or text; `nothing` is what a person
// reads instead of a table without rows, `below` after one with.
void PrintRows(OutputFormat format, const google::protobuf::Message& message, const Table& table,
               absl::string_view nothing, absl::string_view below);

}  // namespace payfold

#endif  // TOOLS_OUTPUT_H_
