#include "ledger/plan/document.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "ledger/plan/document_reader.h"

namespace payfold {
namespace {

constexpr size_t kMaxBytes = 1 << 20;

PlanDiagnostic ErrorOfDocument(Place place, absl::string_view message) {
  PlanDiagnostic diagnostic;
  diagnostic.line = place.first;
  diagnostic.column = place.second;
  diagnostic.message = std::string(message);
  return diagnostic;
}

Place PlaceOfOffset(absl::string_view text, size_t offset) {
  const absl::string_view before = text.substr(0, offset);
  const size_t newline = before.rfind('\n');
  const size_t column = newline == absl::string_view::npos ? offset : offset - newline - 1;
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(column) + 1};
}

// The length of the UTF-8 sequence at the front of `text`, or 0 if it is none.
// Source: RFC 3629 (no overlong forms, no surrogates, nothing above U+10FFFF).
size_t Utf8Length(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  const unsigned char next = byte(1);
  const bool is_bad = (lead == 0xE0 && next < 0xA0) || (lead == 0xED && next > 0x9F) ||
                      (lead == 0xF0 && next < 0x90) || (lead == 0xF4 && next > 0x8F);
  return is_bad ? 0 : length;
}

// The parser silently ends at some control characters and passes bytes that are
// not UTF-8 on: both are refused first.
bool CheckCharacters(absl::string_view text, PlanDocument* document) {
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool is_control = (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
    const size_t length = Utf8Length(text.substr(i));
    if (is_control || length == 0) {
      document->diagnostics.push_back(ErrorOfDocument(
          PlaceOfOffset(text, i), is_control ? "the document has a control character: remove it"
                                             : "the document is not UTF-8: save it as UTF-8"));
      return false;
    }
    i += length;
  }
  return true;
}

void Parse(absl::string_view text, PlanDocument* document) {
  // Not yaml-cpp's own exceptions alone: nothing thrown may cross this interface.
  try {
    const std::vector<YAML::Node> nodes = YAML::LoadAll(std::string(text));
    if (nodes.size() > 1) {
      document->diagnostics.push_back(ErrorOfDocument(
          PlaceOf(nodes[1].Mark()), "a second document begins here: a file holds one plan"));
      return;
    }
    if (nodes.empty() || nodes[0].IsNull()) {
      document->diagnostics.push_back(ErrorOfDocument({1, 1}, "the document is empty"));
      return;
    }
    DocumentReader(document).Read(nodes[0]);
  } catch (const YAML::Exception& e) {
    const Place place = e.mark.is_null() ? Place{1, 1} : PlaceOf(e.mark);
    document->diagnostics.push_back(
        ErrorOfDocument(place, absl::StrCat("not readable as YAML or JSON: ", e.msg)));
  } catch (const std::exception& e) {
    document->diagnostics.push_back(
        ErrorOfDocument({1, 1}, absl::StrCat("not readable as YAML or JSON: ", e.what())));
  }
}

// True if `inner` is `outer` or a part of it.
bool IsWithin(absl::string_view inner, absl::string_view outer) {
  if (outer.empty() || inner == outer) return true;
  return absl::StartsWith(inner, outer) &&
         (inner[outer.size()] == '.' || inner[outer.size()] == '[');
}

}  // namespace

PlanDocument ReadPlanDocument(absl::string_view text) {
  PlanDocument document;
  if (text.size() > kMaxBytes) {
    document.diagnostics.push_back(
        ErrorOfDocument({1, 1}, absl::StrCat("the document has ", text.size(), " bytes: at most ",
                                             kMaxBytes, " are allowed")));
    return document;
  }
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  if (CheckCharacters(text, &document)) Parse(text, &document);
  return document;
}

CompiledPlan CompilePlanDocument(absl::string_view text, v1::Plan* plan) {
  PlanDocument document = ReadPlanDocument(text);
  CompiledPlan result = CompilePlan(document.plan);
  // What could not be read leaves gaps; the compiler's findings about those are
  // consequences, not mistakes of their own.
  std::vector<PlanDiagnostic> diagnostics = document.diagnostics;
  for (PlanDiagnostic& found : result.diagnostics) {
    const bool is_consequence = std::any_of(
        document.diagnostics.begin(), document.diagnostics.end(), [&](const PlanDiagnostic& d) {
          return IsWithin(found.field, d.field) || IsWithin(d.field, found.field);
        });
    if (is_consequence) continue;
    const Place place = FindPlace(document.places, found.field);
    found.line = place.first;
    found.column = place.second;
    diagnostics.push_back(std::move(found));
  }
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const PlanDiagnostic& a, const PlanDiagnostic& b) {
                     return std::make_pair(a.line, a.column) < std::make_pair(b.line, b.column);
                   });
  result.diagnostics = std::move(diagnostics);
  if (!document.diagnostics.empty()) result.program.reset();
  if (plan != nullptr) *plan = std::move(document.plan);
  return result;
}

}  // namespace payfold
