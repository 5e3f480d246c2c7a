#include "tools/output.h"

#include <iostream>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "ledger/admission/deterministic.h"
#include "ledger/money/currency.h"

namespace payfold {

std::string AmountText(int64_t minor, absl::string_view currency, OutputFormat format) {
  const absl::StatusOr<Currency> known = Currency::Parse(currency);
  if (!known.ok()) return absl::StrCat(minor);
  return format == OutputFormat::kTable ? FormatAmount(minor, *known)
                                        : FormatPlainAmount(minor, *known);
}

std::string CoordinatesText(const v1::Coordinates& at) {
  std::string text = absl::StrCat("as of position ", at.position());
  if (at.plans_position() != at.position()) {
    absl::StrAppend(&text, ", plans as of position ", at.plans_position());
  }
  return text;
}

std::string JsonText(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = true;
  return JsonDeterministically(message, options);
}

void Print(absl::string_view text) {
  std::cout.write(text.data(), static_cast<std::streamsize>(text.size()));
}

void PrintRows(OutputFormat format, const google::protobuf::Message& message, const Table& table,
               absl::string_view nothing, absl::string_view below) {
  switch (format) {
    case OutputFormat::kJson:
      Print(JsonText(message));
      return;
    case OutputFormat::kCsv:
      Print(table.ToCsv());
      return;
    case OutputFormat::kTable:
      Print(table.empty() ? absl::StrCat(nothing, "\n")
                          : absl::StrCat(table.ToText(), "\n", below, "\n"));
      return;
  }
}

}  // namespace payfold
