#include "tools/statement_html.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "tools/statement_page.h"

namespace payfold {
namespace {

using Kind = StatementRow::Kind;

constexpr absl::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<title>Statement</title>\n<style>\n"
    "body { font-family: sans-serif; font-size: 10pt; max-width: 44em; margin: 2em auto; }\n"
    "section { break-after: page; }\n"
    "section:last-child { break-after: auto; }\n"
    "h1 { font-size: 14pt; }\nh2 { font-size: 11pt; margin: 1em 0 0.3em; }\n"
    "p, ul { margin: 0.2em 0; }\n"
    ".row { display: flex; justify-content: space-between; break-inside: avoid; }\n"
    ".row span { white-space: pre-wrap; overflow-wrap: anywhere; }\n"
    ".row span + span { margin-left: 2em; white-space: nowrap; "
    "font-variant-numeric: tabular-nums; }\n"
    ".sum { border-top: 1px solid; font-weight: bold; }\n"
    "@media print { body { margin: 0; max-width: none; } @page { margin: 2cm; } }\n"
    "</style>\n</head>\n<body>\n";

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string RowHtml(const StatementRow& row) {
  const std::string label = Escaped(row.label);
  switch (row.kind) {
    case Kind::kTitle:
      return absl::StrCat("<h1>", label, "</h1>\n");
    case Kind::kHeading:
      return absl::StrCat("<h2>", label, "</h2>\n");
    case Kind::kText:
      return absl::StrCat("<p>", label, "</p>\n");
    case Kind::kItem:
      return absl::StrCat("<ul><li>", label, "</li></ul>\n");
    case Kind::kAmount:
    case Kind::kSum:
      break;
  }
  return absl::StrCat("<div class=\"row", row.kind == Kind::kSum ? " sum" : "", "\"><span>", label,
                      "</span><span>", Escaped(row.amount), "</span></div>\n");
}

}  // namespace

std::string StatementHtml(const v1::GetStatementResponse& response) {
  std::string html(kHead);
  for (const StatementPage& page : StatementPages(response)) {
    absl::StrAppend(&html, "<section>\n");
    for (const StatementRow& row : page.rows) absl::StrAppend(&html, RowHtml(row));
    absl::StrAppend(&html, "</section>\n");
  }
  return absl::StrCat(html, "</body>\n</html>\n");
}

}  // namespace payfold
